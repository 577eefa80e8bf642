/** One step of Gauss and Newton's method on the pose and shape of a face under a pinhole camera, and what is left after it. */

import { MEAN_FACE, POINTS } from './face';
import type { RigidPose } from './first-pose';
import { product, rotate, rotationBy } from './rotation';
import { solveSymmetric } from './solve';

/** Points further off than so many deviations count for less and less (Cauchy). */
const OUTLIER = 3;
const DAMPING = 1e-6;
export const MODES = MEAN_FACE.modes.length;
/** Unknowns of rotation and place. */
export const POSE = 6;
export const UNKNOWNS = POSE + MODES;
/** The modes point by point: x, y, z of the first mode, of the second, …. */
const MODE_TABLE = Float64Array.from({ length: 3 * MODES * POINTS }, (_, at) => {
  const [i, k, axis] = [Math.floor(at / (3 * MODES)), Math.floor(at / 3) % MODES, at % 3];
  return MEAN_FACE.modes[k][3 * i + axis];
});

/** Of a face on its way to a fit; see `Fit`. */
export interface State extends RigidPose {
  readonly modes: Float64Array;
}

/** x0, y0, z0, …, cm, of the face so bent. */
export function shapeOf(modes: Float64Array): Float64Array {
  const shape = Float64Array.from(MEAN_FACE.mean);
  MEAN_FACE.modes.forEach((mode, k) => {
    const weight = modes[k];
    for (let i = 0; i < shape.length; i++) shape[i] += weight * mode[i];
  });
  return shape;
}

/**
 * A step: a rotation vector, a shift, and of each mode. A point at p = R s + t is seen at u = −x/z, v = −y/z.
 * @param count of the unknowns that change: `POSE` or all.
 */
export function changeOf(
  flat: Float64Array,
  deviation: Float64Array,
  { rotation: r, translation: t, modes }: State,
  count: number,
): Float64Array | null {
  const shape = shapeOf(modes);
  const normal = new Float64Array(count * count);
  const change = new Float64Array(count);
  const across = new Float64Array(count);
  const up = new Float64Array(count);
  for (let i = 0; i < POINTS; i++) {
    const [x, y, z] = rotate(r, shape[3 * i], shape[3 * i + 1], shape[3 * i + 2]);
    const near = -1 / (z + t[2]);
    const u = (x + t[0]) * near;
    const v = (y + t[1]) * near;
    // What a small rotation about each axis does to the point, then a small shift, then the modes.
    across[0] = near * u * y;
    across[1] = near * (z - u * x);
    across[2] = -near * y;
    across[3] = near;
    across[5] = near * u;
    up[0] = near * (v * y - z);
    up[1] = -near * v * x;
    up[2] = near * x;
    up[4] = near;
    up[5] = near * v;
    bend(across, i, near * (r[0] + u * r[6]), near * (r[1] + u * r[7]), near * (r[2] + u * r[8]));
    bend(up, i, near * (r[3] + v * r[6]), near * (r[4] + v * r[7]), near * (r[5] + v * r[8]));
    const du = flat[2 * i] - u;
    const dv = flat[2 * i + 1] - v;
    const weight = 1 / (deviation[i] ** 2 + (du * du + dv * dv) / OUTLIER ** 2);
    accumulate(normal, change, across, up, weight, du, dv);
  }
  for (let a = 0; a < count; a++) {
    normal[a * (count + 1)] *= 1 + DAMPING;
    if (a < POSE) continue;
    normal[a * (count + 1)] += 1;
    change[a] -= modes[a - POSE];
  }
  return solveSymmetric(normal, change) ? change : null;
}

export function changed({ rotation, translation: t, modes }: State, change: Float64Array): State {
  return {
    rotation: product(rotationBy([change[0], change[1], change[2]]), rotation),
    translation: Float64Array.of(t[0] + change[3], t[1] + change[4], t[2] + change[5]),
    modes: modes.map((value, k) => value + (change[POSE + k] ?? 0)),
  };
}

/** What each mode does to point i along (x, y, z), into the rest of a row. */
function bend(row: Float64Array, i: number, x: number, y: number, z: number): void {
  const modes = MODE_TABLE;
  for (let k = POSE, at = 3 * i * MODES; k < row.length; k++, at += 3)
    row[k] = x * modes[at] + y * modes[at + 1] + z * modes[at + 2];
}

/** Adds both rows of a point to the lower half of the normal equations. */
function accumulate(
  normal: Float64Array,
  gradient: Float64Array,
  across: Float64Array,
  up: Float64Array,
  weight: number,
  du: number,
  dv: number,
): void {
  const count = gradient.length;
  for (let a = 0; a < count; a++) {
    const one = weight * across[a];
    const other = weight * up[a];
    gradient[a] += one * du + other * dv;
    for (let b = 0, at = a * count; b <= a; b++, at++) normal[at] += one * across[b] + other * up[b];
  }
}

/** Mean square distance of the points, in deviations; those of an infinite one are left out. */
export function residualOf(
  flat: Float64Array,
  deviation: Float64Array,
  { rotation, translation: t, modes }: State,
): number {
  const shape = shapeOf(modes);
  let [sum, count] = [0, 0];
  for (let i = 0; i < POINTS; i++) {
    if (deviation[i] === Infinity) continue;
    count += 1;
    const [x, y, z] = rotate(rotation, shape[3 * i], shape[3 * i + 1], shape[3 * i + 2]);
    const near = -1 / (z + t[2]);
    sum +=
      ((flat[2 * i] - (x + t[0]) * near) ** 2 + (flat[2 * i + 1] - (y + t[1]) * near) ** 2) /
      deviation[i] ** 2;
  }
  return sum / count;
}
