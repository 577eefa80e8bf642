/** Smaller copies of a picture, stored and shown instead of all its pixels. */

import { createCanvas2d } from '../../engine/landmark/crop';
import { encodeCanvas } from './encode';
import type { Size } from './types';

/** Length of the longer side, px. */
export const thumbnailPx = 256;
export const screenPx = 2048;

const thumbnailQuality = 0.8;

/** A copy of at most `thumbnailPx`, as JPEG; white where the picture is transparent. */
export async function thumbnailOf(bitmap: ImageBitmap): Promise<Blob> {
  const small = await shrink(bitmap, thumbnailPx);
  const context = createCanvas2d(small.width, small.height, true);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, small.width, small.height);
  context.drawImage(small, 0, 0);
  small.close();
  return encodeCanvas(context.canvas, 'image/jpeg', thumbnailQuality);
}

/** A copy of at most `screenPx`; whoever receives it closes it. Points stay in px of the full-size picture. */
export function screenCopyOf(bitmap: ImageBitmap): Promise<ImageBitmap> {
  return shrink(bitmap, screenPx);
}

/** The size of a picture whose longer side is at most `sidePx`, its proportions kept, px. */
export function sizeWithin({ width, height }: Size, sidePx: number): Size {
  const scale = Math.min(1, sidePx / Math.max(width, height));
  const side = (px: number) => Math.max(1, Math.round(scale * px));
  return { width: side(width), height: side(height) };
}

/** A copy whose longer side is at most `sidePx`. */
function shrink(bitmap: ImageBitmap, sidePx: number): Promise<ImageBitmap> {
  const { width, height } = sizeWithin(bitmap, sidePx);
  return createImageBitmap(bitmap, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' });
}
