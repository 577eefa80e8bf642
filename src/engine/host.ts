/** What the engine asks of where it runs. A browser has it all; the package's Node entry brings what Node lacks. */

export interface Host {
  /** Address that relative ones start from: the page's or, in a worker, its script's. Undefined where there is neither. */
  baseUrl(): string | undefined;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Null where there is no canvas. */
  createCanvas2d(
    width: number,
    height: number,
    settings: CanvasRenderingContext2DSettings,
  ): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  /** A decoded picture that is the engine's own. Rejects where it cannot be decoded. */
  createBitmap(image: ImageBitmapSource): Promise<ImageBitmap>;
}

let host: Host = {
  baseUrl: () => globalThis.document?.baseURI ?? globalThis.location?.href,
  fetch: (url, init) => fetch(url, init),
  createCanvas2d: (width, height, settings) =>
    typeof OffscreenCanvas !== 'undefined'
      ? new OffscreenCanvas(width, height).getContext('2d', settings)
      : Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', settings),
  createBitmap: (image) => createImageBitmap(image),
};

export const currentHost = (): Host => host;

/** For this thread, before the first engine is made. */
export function setHost(next: Host): void {
  host = next;
}
