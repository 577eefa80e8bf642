/** Where the app's own files lie, under the address it is served from, and where they are kept. */

export const modelsUrl = () => new URL('models/', document.baseURI).href;
/** Name of the Cache Storage cache that keeps the models. */
export const modelsCache = 'mien-models';
export const sampleUrl = () => new URL('samples/astronaut.png', document.baseURI).href;
export const serviceWorkerUrl = () => new URL('service-worker.js', document.baseURI).href;
