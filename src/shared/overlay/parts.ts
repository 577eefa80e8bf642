/** What can be drawn of a scheme, and which points its edges connect: an eye, a brow, the jaw. */

import type { Points, Scheme, Space } from '../../engine/types';
import { isMissing } from '../missing-points';
import type { OverlayKind } from './style';

/** Contours need edges, a mesh at least three points. */
export function canDraw(overlay: OverlayKind, { pointCount, edges }: Scheme): boolean {
  if (overlay === 'contours') return edges.length > 0;
  return overlay === 'points' || pointCount >= 3;
}

/** For each point the indices of all points connected to it, directly or through others, itself included. */
export function partsOf(scheme: Pick<Scheme, 'pointCount' | 'edges'>): readonly (readonly number[])[] {
  const parts: number[][] = Array.from({ length: scheme.pointCount }, (_, i) => [i]);
  for (const [i, j] of scheme.edges) {
    if (parts[i] === parts[j]) continue;
    const joined = [...parts[i], ...parts[j]];
    for (const point of joined) parts[point] = joined;
  }
  return parts;
}

/**
 * For each point the direction away from the middle of its part, as x, y of length 1: where a number hides the
 * least. For a point in the middle of its part it is to the right.
 */
export function outwardOf<S extends Space>(
  points: Points<S>,
  parts: readonly (readonly number[])[],
): Float32Array {
  const outward = new Float32Array(points.length);
  for (const [i, all] of parts.entries()) {
    const part = all.filter((j) => !isMissing(points, j));
    let [x, y] = [points[2 * i], points[2 * i + 1]];
    for (const j of part) {
      x -= points[2 * j] / part.length;
      y -= points[2 * j + 1] / part.length;
    }
    const length = Math.hypot(x, y);
    outward[2 * i] = length > 1e-3 ? x / length : 1;
    outward[2 * i + 1] = length > 1e-3 ? y / length : 0;
  }
  return outward;
}
