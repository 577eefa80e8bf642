/** URLs of the app's own files, relative to where it is served, and the names of its caches. */

export const modelsUrl = () => new URL('models/', document.baseURI).href;
/** Name of the Cache Storage cache that keeps the models. */
export const modelsCache = 'mien-models';
export const sampleUrl = () => new URL('samples/astronaut.png', document.baseURI).href;
/** The Lab on a photo, or on the frame of a film that is shown at `atMs`. */
export const labAddressOf = (kind: 'photo' | 'film', id: string, atMs?: number): string =>
  `#/lab/see?from=${encodeURIComponent(`${kind}:${id}${atMs === undefined ? '' : `@${atMs.toFixed(3)}`}`)}`;
export const serviceWorkerUrl = () => new URL('service-worker.js', document.baseURI).href;
