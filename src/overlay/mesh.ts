/** Triangles between landmarks, by Delaunay over the points themselves. */

import Delaunator from 'delaunator';
import type { Points, Space } from '../engine/types';

/** Indices of points, three per triangle. */
export type Triangles = Uint32Array;

export function triangulate(points: Points<Space>): Triangles {
  return new Delaunator(points).triangles;
}

/** Twice the signed area of one triangle, in the square of the points' unit. */
function signedArea(points: Points<Space>, triangles: Triangles, at: number): number {
  const [i, j, k] = [2 * triangles[at], 2 * triangles[at + 1], 2 * triangles[at + 2]];
  return (
    (points[j] - points[i]) * (points[k + 1] - points[i + 1]) -
    (points[k] - points[i]) * (points[j + 1] - points[i + 1])
  );
}

/** How far a triangle may fold over before the mesh is made anew, as a part of the area of the largest one. */
const foldTolerance = 0.02;

/** Whether triangles made for another pose of the face lie over each other in this one. */
export function isFolded(points: Points<Space>, triangles: Triangles): boolean {
  let least = Infinity;
  let largest = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    // Delaunator orders every triangle so that this is positive with y down.
    const area = -signedArea(points, triangles, at);
    least = Math.min(least, area);
    largest = Math.max(largest, Math.abs(area));
  }
  return least < -foldTolerance * largest;
}

/**
 * Gives each followed face its triangles and keeps them from frame to frame, since a mesh made anew for each frame
 * flickers; they are made again only when the face has turned so far that they fold over.
 */
export function createMeshCache() {
  const kept = new Map<number, { readonly triangles: Triangles; readonly length: number }>();
  return {
    /** @param faceId id of the track */
    trianglesOf(faceId: number, points: Points<Space>): Triangles {
      const known = kept.get(faceId);
      // Another model may give another number of points under the same id.
      if (known?.length === points.length && !isFolded(points, known.triangles)) return known.triangles;
      const triangles = triangulate(points);
      kept.set(faceId, { triangles, length: points.length });
      return triangles;
    },
    /** Forgets all faces but these. */
    keepOnly(faceIds: readonly number[]): void {
      for (const id of kept.keys()) if (!faceIds.includes(id)) kept.delete(id);
    },
  };
}

export type MeshCache = ReturnType<typeof createMeshCache>;
