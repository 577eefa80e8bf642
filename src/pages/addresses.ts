/** Where the app's own files lie, under the address it is served from. */

export const modelsUrl = () => new URL('models/', document.baseURI).href;
export const sampleUrl = () => new URL('samples/astronaut.png', document.baseURI).href;
