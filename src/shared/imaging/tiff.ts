/** TIFF, which no browser but Safari decodes: in a worker of its own, so that a large one holds nothing up. */

import { askWorker } from './ask-worker';
import workerUrl from './tiff-worker?worker&url';
import type { Pixels } from './turn-pixels';

/** All pixels, upright. Whoever receives the bitmap closes it. @param signal ends the work @throws Error saying why it failed */
export async function decodeTiff(file: Blob, signal: AbortSignal): Promise<ImageBitmap> {
  const bytes = await file.arrayBuffer();
  const { data, width, height } = await askWorker<Pixels>(workerUrl, bytes, [bytes], signal);
  return createImageBitmap(new ImageData(data, width, height));
}
