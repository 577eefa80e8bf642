/** Pictures too large to be decoded whole: in a worker, since browsers scale on the thread that asks, for seconds. */

import { askWorker } from './ask-worker';
import type { ScaledQuestion } from './scaled-worker';
import workerUrl from './scaled-worker?worker&url';
import type { Size } from './types';

/** The picture, upright, scaled to `size`. Whoever receives the bitmap closes it. @throws what decoding throws */
export function decodeScaled(file: Blob, size: Size, signal: AbortSignal): Promise<ImageBitmap> {
  return askWorker<ImageBitmap>(workerUrl, { file, size } satisfies ScaledQuestion, [], signal);
}
