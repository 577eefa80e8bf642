/** A bitmap of pixels that a library decoded. */

import type { Pixels } from './turn-pixels';

/** Whoever receives it closes it. @param maxSidePx longer pictures are scaled down to it */
export function bitmapOf({ data, width, height }: Pixels, maxSidePx: number): Promise<ImageBitmap> {
  const pixels = new ImageData(data, width, height);
  const scale = maxSidePx / Math.max(width, height);
  if (scale >= 1) return createImageBitmap(pixels);
  const side = (px: number) => Math.max(1, Math.round(scale * px));
  const size = { resizeWidth: side(width), resizeHeight: side(height) };
  return createImageBitmap(pixels, { ...size, resizeQuality: 'high' });
}
