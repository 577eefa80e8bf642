/** A bitmap of pixels that a library decoded. */

import { sizeWithin } from './scale';
import type { Pixels } from './turn-pixels';

/** Whoever receives it closes it. @param maxSidePx longer pictures are scaled down to it */
export function bitmapOf({ data, width, height }: Pixels, maxSidePx: number): Promise<ImageBitmap> {
  const pixels = new ImageData(data, width, height);
  if (Math.max(width, height) <= maxSidePx) return createImageBitmap(pixels);
  const { width: resizeWidth, height: resizeHeight } = sizeWithin({ width, height }, maxSidePx);
  return createImageBitmap(pixels, { resizeWidth, resizeHeight, resizeQuality: 'high' });
}
