/** Differences between two models on the same faces. Pure. */

import { overlap } from '../../../engine/geometry';
import type { Face, Scheme } from '../../../engine/types';

/** Boxes that share less than this of their union are of two people. */
const MIN_OVERLAP = 0.3;

/** The other model's face that is the same person's, or null when it has found none. */
export function counterpartOf<F extends Pick<Face, 'box'>>(
  face: Pick<Face, 'box'>,
  others: readonly F[],
): F | null {
  const shares = others.map((other) => overlap(face.box, other.box));
  const most = Math.max(...shares);
  return most >= MIN_OVERLAP ? others[shares.indexOf(most)] : null;
}

/** Whether points of the same index mean the same in both. */
export function isComparable(one: Scheme, other: Scheme): boolean {
  return one.pointCount === other.pointCount && one.names.every((name, index) => name === other.names[index]);
}

/** Distance between the two models' points, px, in the order of the scheme; NaN where one of them is missing. */
export function differencesOf(one: Pick<Face, 'points'>, other: Pick<Face, 'points'>): Float32Array {
  const distances = new Float32Array(one.points.length / 2);
  for (let i = 0; i < distances.length; i++) {
    const [x, y] = [2 * i, 2 * i + 1];
    distances[i] = Math.hypot(one.points[x] - other.points[x], one.points[y] - other.points[y]);
  }
  return distances;
}

export interface DifferenceSummary {
  readonly meanPx: number;
  /** Mean, in % of the distance of the first face's normalising pair; null where its scheme has none. */
  readonly meanPct: number | null;
  /** Index of the point that differs most, and by how much. */
  readonly most: { readonly index: number; readonly px: number };
}

export function summariseDifferences(
  face: Pick<Face, 'points'>,
  scheme: Scheme,
  px: Float32Array,
): DifferenceSummary {
  const known = px.filter((value) => !Number.isNaN(value));
  const meanPx = known.reduce((sum, value) => sum + value, 0) / known.length;
  const eyesPx = scheme.normalisingPair && distanceOf(face, scheme.normalisingPair);
  const index = px.indexOf(Math.max(...known));
  return {
    meanPx,
    meanPct: eyesPx && eyesPx > 0 ? (100 * meanPx) / eyesPx : null,
    most: { index, px: px[index] },
  };
}

function distanceOf({ points }: Pick<Face, 'points'>, [i, j]: readonly [number, number]): number {
  return Math.hypot(points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]);
}
