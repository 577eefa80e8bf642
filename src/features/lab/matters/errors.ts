/** How far points went, in percent of the face. All functions are pure. */

import { boxOf, largerSide } from '../../../engine/geometry';
import type { Points, Scheme } from '../../../engine/types';

/** The distance that errors are counted in, px: between the outer corners of the eyes, or else the larger side of the points' box. */
export function faceSizePx(
  points: Points<'image'>,
  { normalisingPair }: Pick<Scheme, 'normalisingPair'>,
): number {
  if (!normalisingPair) return Math.max(1, largerSide(boxOf(points)));
  const [one, other] = normalisingPair;
  return Math.hypot(points[2 * one] - points[2 * other], points[2 * one + 1] - points[2 * other + 1]);
}

/** Distances point by point, % of `sizePx`. */
export function distancesPct(one: Points<'image'>, other: Points<'image'>, sizePx: number): Float32Array {
  return Float32Array.from({ length: one.length / 2 }, (_, i) => {
    const distance = Math.hypot(one[2 * i] - other[2 * i], one[2 * i + 1] - other[2 * i + 1]);
    return (100 * distance) / sizePx;
  });
}

/** Of one point, or the mean of all. */
export function ofPoint(distances: Float32Array, point: number | null): number {
  if (point !== null) return distances[point];
  return distances.reduce((sum, value) => sum + value, 0) / distances.length;
}

/** Values as 8 bits of the largest among them. */
export function toCells(values: readonly number[]): { readonly cells: Uint8Array; readonly highest: number } {
  const highest = Math.max(...values, 0);
  const cells = Uint8Array.from(values, (value) => (highest > 0 ? Math.round((255 * value) / highest) : 0));
  return { cells, highest };
}
