/**
 * Where a face looks: the 3-D mean face laid over its points under weak perspective (turned, flattened, scaled, shifted).
 * The mean face comes from `training/mien/solid.py`, with the same fit.
 */

import type { Points, Scheme } from '../../../engine/types';
import { presentPoints, withoutMissing } from '../../../shared/missing-points';
import meanFaces from './mean-face-3d.json';

/** Turns of a head that looked at the viewer: first by pitch, then yaw, then roll. */
export interface Pose {
  /** Positive: looks to the right of the picture. −π/2..π/2. */
  readonly yawRad: number;
  /** Positive: looks up. −π..π. */
  readonly pitchRad: number;
  /** Positive: leans clockwise. −π..π. */
  readonly rollRad: number;
}

export type Vector = readonly number[];
/** By rows. */
export type Matrix = readonly Vector[];

/** (points, 3) by the scheme's id, about their mean: x to the right of the picture, y down, z away from the viewer. */
const solids = new Map(Object.entries(meanFaces).map(([id, points]) => [id, centred(points)]));
/** Of refining a turn; on the 337 faces of AFW another 350 change no yaw by 0.001°. */
const STEPS = 50;
/** Fewer points than this leave a turn open. */
const MIN_POINTS = 8;

/** From the points that are there. Null for a scheme that has no 3-D mean face, for points that span no plane, and for too few. */
export function poseOf(points: Points<'image'>, { id, pointCount }: Scheme): Pose | null {
  const whole = solids.get(id);
  if (!whole || whole.length !== pointCount) return null;
  const present = presentPoints(points);
  if (present.length < MIN_POINTS) return null;
  const isWhole = present.length === pointCount;
  const solid = isWhole ? whole : centred(present.map((i) => whole[i]));
  const [right, down] = fitTurn(isWhole ? points : withoutMissing(points), solid);
  const away = cross(right, down);
  if (!away.every(Number.isFinite)) return null;
  return {
    yawRad: Math.asin(away[0]),
    pitchRad: Math.atan2(-away[1], away[2]),
    rollRad: Math.atan2(down[0], right[0]),
  };
}

/** The first two rows of the rotation by which the solid lies over the points with the smallest mean square distance. */
function fitTurn(points: Points<'image'>, solid: Matrix): Matrix {
  const flat = solid.map((_, k) => [points[2 * k], points[2 * k + 1]]);
  const spread = productOf(solid, solid);
  // The points need no centring, since the solid is centred.
  const target = productOf(flat, solid);
  // No less than the largest eigenvalue of the spread, as which it serves.
  const bound = spread[0][0] + spread[1][1] + spread[2][2];
  let turn = nearestTurn(target);
  for (let step = 0; step < STEPS; step++) {
    const laid = turn.map((row) => spread.map((column) => dot(row, column)));
    const scale =
      (dot(turn[0], target[0]) + dot(turn[1], target[1])) / (dot(turn[0], laid[0]) + dot(turn[1], laid[1]));
    // The square distance lies under one whose lowest point is known and which touches it here (Kiers 1990).
    turn = nearestTurn(
      turn.map((row, r) => row.map((value, c) => target[r][c] + scale * (bound * value - laid[r][c]))),
    );
  }
  return turn;
}

/** The first two rows of the rotation nearest to A (2, 3), by the Frobenius norm: (A Aᵀ)^(−1/2) A, the root written out. */
export function nearestTurn([first, second]: Matrix): Matrix {
  const a = dot(first, first);
  const b = dot(first, second);
  const c = dot(second, second);
  const root = Math.sqrt(a * c - b * b);
  const [p, q] = [a + root, c + root];
  const factor = Math.sqrt(a + c + 2 * root) / (p * q - b * b);
  return [
    first.map((value, i) => factor * (q * value - b * second[i])),
    first.map((value, i) => factor * (p * second[i] - b * value)),
  ];
}

/** Aᵀ B of matrices with as many rows. */
export function productOf(a: Matrix, b: Matrix): Matrix {
  return a[0].map((_, r) => b[0].map((_, c) => a.reduce((sum, row, k) => sum + row[r] * b[k][c], 0)));
}

export function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function centred(points: Matrix): Matrix {
  const mean = points[0].map((_, c) => points.reduce((sum, point) => sum + point[c], 0) / points.length);
  return points.map((point) => point.map((value, c) => value - mean[c]));
}
