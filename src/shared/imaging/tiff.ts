/** TIFF, which no browser but Safari decodes: in a worker of its own, so that a large one holds nothing up. */

import { askWorker } from './ask-worker';
import { bitmapOf } from './bitmap-of';
import workerUrl from './tiff-worker?worker&url';
import type { Pixels } from './turn-pixels';

/**
 * The first page, upright. Whoever receives the bitmap closes it.
 * @param maxSidePx a longer picture is scaled down to it
 * @param signal ends the work @throws Error saying why it failed
 */
export async function decodeTiff(file: Blob, maxSidePx: number, signal: AbortSignal): Promise<ImageBitmap> {
  const bytes = await file.arrayBuffer();
  return bitmapOf(await askWorker<Pixels>(workerUrl, bytes, [bytes], signal), maxSidePx);
}
