/** Faces found in a picture that was decoded smaller than it is, in px of the full size. Pure. */

import type { Affine, Box, Face } from '../../engine/types';
import type { Size } from '../../shared/imaging/types';

/** Px of the full-size picture for one of its bitmap: 1 unless it was too large to be decoded whole. */
export function scaleOf(full: Size, bitmap: Size): number {
  return bitmap.width < full.width || bitmap.height < full.height
    ? Math.max(full.width, full.height) / Math.max(bitmap.width, bitmap.height)
    : 1;
}

export function enlarged(face: Face, scale: number): Face {
  if (scale === 1) return face;
  const { points, spread, box } = face;
  return {
    ...face,
    points: points.map((value) => scale * value),
    spread: spread && spread.map((px) => scale * px),
    box: scaledBox(box, scale),
  };
}

export function scaledBox(box: Box<'image'>, scale: number): Box<'image'> {
  if (scale === 1) return box;
  const { x, y, width, height } = box;
  return { x: scale * x, y: scale * y, width: scale * width, height: scale * height };
}

/** From px of the full size to those of the bitmap. */
export function shrinking(scale: number): Affine<'image', 'image'> {
  return { a: 1 / scale, b: 0, c: 0, d: 1 / scale, e: 0, f: 0 };
}
