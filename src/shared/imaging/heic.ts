/** HEIC, which no browser but Safari decodes: elsewhere in a worker of its own, with a library fetched when first needed. */

import { askWorker } from './ask-worker';
import { bitmapOf } from './bitmap-of';
import workerUrl from './heic-worker?worker&url';
import type { Pixels } from './turn-pixels';

/**
 * The primary picture, upright. Whoever receives the bitmap closes it.
 * @param maxSidePx a longer picture is scaled down to it
 * @param signal ends the work @throws Error saying why it failed
 */
export async function decodeHeic(file: Blob, maxSidePx: number, signal: AbortSignal): Promise<ImageBitmap> {
  const own = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (own) return own;
  const bytes = await file.arrayBuffer();
  return bitmapOf(await askWorker<Pixels>(workerUrl, bytes, [bytes], signal), maxSidePx);
}
