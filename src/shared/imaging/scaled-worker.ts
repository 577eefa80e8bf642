/// <reference lib="webworker" />
/** Decodes one picture at a smaller size. */

import type { Answer } from './ask-worker';
import type { Size } from './types';

export interface ScaledQuestion {
  readonly file: Blob;
  /** Px of the bitmap. */
  readonly size: Size;
}

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener('message', ({ data: { file, size } }: MessageEvent<ScaledQuestion>) => {
  createImageBitmap(file, {
    imageOrientation: 'from-image',
    resizeWidth: size.width,
    resizeHeight: size.height,
    resizeQuality: 'high',
  }).then(
    (result) => self.postMessage({ result } satisfies Answer<ImageBitmap>, [result]),
    (thrown: Error) => self.postMessage({ message: thrown.message } satisfies Answer<ImageBitmap>),
  );
});
