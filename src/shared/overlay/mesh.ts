/** Triangles between landmarks: a Delaunay triangulation of the points. */

import Delaunator from 'delaunator';
import type { Points, Space } from '../../engine/types';
import { hasMissing, presentPoints, withoutMissing } from '../missing-points';

/** Indices of points, three per triangle. */
export type Triangles = Uint32Array;

/** Between the points that are there; none between fewer than three. */
export function triangulate(points: Points<Space>): Triangles {
  if (!hasMissing(points)) return new Delaunator(points).triangles;
  const present = presentPoints(points);
  if (present.length < 3) return new Uint32Array();
  return new Delaunator(withoutMissing(points)).triangles.map((index) => present[index]);
}

/** Twice the signed area of one triangle, in the square of the points' unit. */
function signedArea(points: Points<Space>, triangles: Triangles, at: number): number {
  const [i, j, k] = [2 * triangles[at], 2 * triangles[at + 1], 2 * triangles[at + 2]];
  return (
    (points[j] - points[i]) * (points[k + 1] - points[i + 1]) -
    (points[k] - points[i]) * (points[j + 1] - points[i + 1])
  );
}

/** How far a triangle may fold over before the mesh is rebuilt, as a fraction of the largest triangle's area. */
const foldTolerance = 0.02;

/** Whether triangles built for another pose of the face overlap in this one. */
export function isFolded(points: Points<Space>, triangles: Triangles): boolean {
  let smallest = Infinity;
  let largest = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    // Delaunator orders every triangle so that this is positive with y down.
    const area = -signedArea(points, triangles, at);
    // A point has gone missing.
    if (Number.isNaN(area)) return true;
    smallest = Math.min(smallest, area);
    largest = Math.max(largest, Math.abs(area));
  }
  return smallest < -foldTolerance * largest;
}

/**
 * Caches the triangles of each tracked face between frames, since a mesh rebuilt for every frame flickers; they are rebuilt
 * only when the face has turned so far that they fold over.
 */
export function createMeshCache() {
  const kept = new Map<number, { readonly triangles: Triangles; readonly length: number }>();
  return {
    /** @param faceId id of the track */
    trianglesOf(faceId: number, points: Points<Space>): Triangles {
      const known = kept.get(faceId);
      // Another model may have another number of points for the same id.
      if (known?.length === points.length && !isFolded(points, known.triangles)) return known.triangles;
      const triangles = triangulate(points);
      kept.set(faceId, { triangles, length: points.length });
      return triangles;
    },
    /** Drops all other faces. */
    keepOnly(faceIds: readonly number[]): void {
      for (const id of kept.keys()) if (!faceIds.includes(id)) kept.delete(id);
    },
  };
}

export type MeshCache = ReturnType<typeof createMeshCache>;
