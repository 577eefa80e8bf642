/** What a scheme allows to be drawn, and which points hang together by its edges: an eye, a brow, the jaw. */

import type { Points, Scheme, Space } from '../engine/types';
import type { OverlayKind } from '../storage/settings';

/** Whether there is anything to draw so: contours need edges, a mesh needs a triangle. */
export function canDraw(overlay: OverlayKind, { pointCount, edges }: Scheme): boolean {
  if (overlay === 'contours') return edges.length > 0;
  return overlay === 'points' || pointCount >= 3;
}

/** For each point the indices of the points it is joined to, directly or over others, itself included. */
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
 * For each point the direction away from the middle of its part, as x, y of length 1: where a number beside it hides
 * the least. A point in the middle of its part points to the right.
 */
export function outwardOf<S extends Space>(
  points: Points<S>,
  parts: readonly (readonly number[])[],
): Float32Array {
  const outward = new Float32Array(points.length);
  for (const [i, part] of parts.entries()) {
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
