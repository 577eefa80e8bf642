/** A pose to start from: the rotation nearest to the affine map that lays the mean face over the points. */

import { MEAN_FACE, POINTS } from './face';
import { rotate, type Rotation } from './rotation';
import { solveSymmetric } from './solve';

export interface RigidPose {
  readonly rotation: Rotation;
  /** Of the head's origin, cm. */
  readonly translation: Float64Array;
}

/**
 * Weak perspective: the affine map A (2, 3) of the centred mean face has the least weighted square distance; its rows, made
 * orthonormal, are those of the rotation, their length the distance.
 * @param flat and @param deviation of the points, as in `FaceView`.
 * @returns null for points that span no plane.
 */
export function firstPose(flat: Float64Array, deviation: Float64Array): RigidPose | null {
  const { mean } = MEAN_FACE;
  const share = deviation.map((value) => 1 / value ** 2);
  const whole = share.reduce((sum, value) => sum + value, 0);
  const [middle, centre] = [new Float64Array(3), new Float64Array(2)];
  for (let i = 0; i < POINTS; i++) {
    share[i] /= whole;
    for (let c = 0; c < 3; c++) middle[c] += share[i] * mean[3 * i + c];
    for (let c = 0; c < 2; c++) centre[c] += share[i] * flat[2 * i + c];
  }
  const spread = new Float64Array(9);
  const target = [new Float64Array(3), new Float64Array(3)];
  for (let i = 0; i < POINTS; i++)
    for (let c = 0; c < 3; c++) {
      const along = share[i] * (mean[3 * i + c] - middle[c]);
      for (let r = 0; r < 3; r++) spread[3 * r + c] += along * (mean[3 * i + r] - middle[r]);
      for (let r = 0; r < 2; r++) target[r][c] += along * (flat[2 * i + r] - centre[r]);
    }
  for (const row of target) if (!solveSymmetric(spread.slice(), row)) return null;
  const rows = orthonormal(target[0], target[1]);
  if (!rows) return null;
  const { rotation, scale } = rows;
  const [x, y, z] = rotate(rotation, middle[0], middle[1], middle[2]);
  const distance = 1 / scale;
  return {
    rotation,
    translation: Float64Array.of(centre[0] * distance - x, centre[1] * distance - y, -distance - z),
  };
}

/** The first two rows nearest to A (2, 3), (A Aᵀ)^(−1/2) A with the root written out, and the mean of A's singular values. */
function orthonormal(
  first: Float64Array,
  second: Float64Array,
): { rotation: Rotation; scale: number } | null {
  const dot = (one: Float64Array, other: Float64Array) =>
    one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
  const [a, b, c] = [dot(first, first), dot(first, second), dot(second, second)];
  const root = Math.sqrt(a * c - b * b);
  const [p, q] = [a + root, c + root];
  const sum = Math.sqrt(a + c + 2 * root);
  const factor = sum / (p * q - b * b);
  if (!Number.isFinite(factor) || !(root > 0)) return null;
  const r = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    r[i] = factor * (q * first[i] - b * second[i]);
    r[3 + i] = factor * (p * second[i] - b * first[i]);
  }
  r[6] = r[1] * r[5] - r[2] * r[4];
  r[7] = r[2] * r[3] - r[0] * r[5];
  r[8] = r[0] * r[4] - r[1] * r[3];
  return { rotation: r, scale: sum / 2 };
}
