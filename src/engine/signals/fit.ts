/**
 * Pose and shape of a face from its 68 points under a pinhole camera: Gauss and Newton's method on rotation, place and the
 * modes of the mean face, whose weights have a normal prior. `training/mien/signals/fit.py` does the same.
 */

import type { Points } from '../types';
import { viewOfFace, type Camera, type FaceView } from './camera';
import { JAW_POINTS, MEAN_FACE, POINTS } from './face';
import { firstPose } from './first-pose';
import { changed, changeOf, MODES, POSE, residualOf, shapeOf, UNKNOWNS, type State } from './fit-step';
import { inverse, product, rotate, type Rotation } from './rotation';

/** Share of the box's size by which points are off, their own noise and what no mode explains. */
const NOISE = 0.015;
/** What no mode explains, where the spread tells the noise. */
const SHAPE_NOISE = 0.008;
/** The jaw's points follow the outline that is seen, which wanders over the cheek as the head turns. */
const JAW_NOISE = 3;
/** The spread is a mean distance; a deviation of each coordinate is less by this. */
const RAYLEIGH = Math.sqrt(Math.PI / 2);
/** The first of which changes the pose alone. */
const FIRST_STEPS = 3;
const NEXT_STEPS = 2;
/** A step that turns the head by less is the last, radians. */
const STILL_RAD = 0.01;
/** Fewer points than this leave the pose open. */
const MIN_POINTS = 8;
/** Mean square residual, in deviations, above which a fit that started from the last frame's is done anew. */
const LOST = 4;
/** The same above which the points are no face. */
const NO_FACE = 100;

/** A face laid over its points. */
export interface Fit {
  /** From the head's axes to the camera's. */
  readonly rotation: Rotation;
  /** Of the head's origin in the camera's axes, cm. */
  readonly translation: Float64Array;
  /** Of each mode, in standard deviations. */
  readonly modes: Float64Array;
  /** Mean square distance of the points, in deviations. */
  readonly residual: number;
}

/**
 * @param points of which some may be missing (NaN): the others are fitted.
 * @param spread of the points, px; null where it is not known.
 * @param last the fit of the frame before, to start from; null to start from the points alone.
 * @returns null for points that show no face, and for too few.
 */
export function fitFace(
  points: Points<'image'>,
  spread: Float32Array | null,
  camera: Camera,
  last: Fit | null,
): Fit | null {
  const seen = viewOfFace(points, camera);
  if (!(seen.size > 0) || !Number.isFinite(seen.size)) return null;
  const deviation = deviationsOf(seen, spread);
  if (deviation.filter(Number.isFinite).length < MIN_POINTS) return null;
  // A missing point counts for nothing, wherever it is put.
  const view = { ...seen, flat: seen.flat.map((value) => (Number.isNaN(value) ? 0 : value)) };
  const next = last && refine(view, deviation, inView(last, view), false);
  if (next && next.residual < LOST) return next;
  const pose = firstPose(view.flat, deviation);
  const first = pose && refine(view, deviation, { ...pose, modes: new Float64Array(MODES) }, true);
  if (first && next) return first.residual < next.residual ? first : next;
  return first ?? next;
}

function inView({ rotation, translation, modes }: Fit, { toCamera }: FaceView): State {
  const back = inverse(toCamera);
  const [x, y, z] = translation;
  return { rotation: product(back, rotation), translation: Float64Array.from(rotate(back, x, y, z)), modes };
}

/** Of each point from the fitted face, in the view's units; infinite of one that is missing. */
function deviationsOf({ flat, size, perPx }: FaceView, spread: Float32Array | null): Float64Array {
  return MEAN_FACE.noise.map((noise, i) => {
    if (Number.isNaN(flat[2 * i])) return Infinity;
    // A file may tell the spread of some points alone.
    const own =
      spread && Number.isFinite(spread[i])
        ? Math.hypot(SHAPE_NOISE * size * noise, (spread[i] * perPx) / RAYLEIGH)
        : NOISE * size * noise;
    return i < JAW_POINTS ? JAW_NOISE * own : own;
  });
}

/** @param isFirst whether the start is the mean face, so that no shape is bent to what a rotation explains. */
function refine(view: FaceView, deviation: Float64Array, start: State, isFirst: boolean): Fit | null {
  let state: State = start;
  const steps = isFirst ? FIRST_STEPS : NEXT_STEPS;
  for (let step = 0; step < steps; step++) {
    const change = changeOf(view.flat, deviation, state, isFirst && step === 0 ? POSE : UNKNOWNS);
    if (!change) return null;
    state = changed(state, change);
    if (!isFirst && Math.hypot(change[0], change[1], change[2]) < STILL_RAD) break;
  }
  const residual = residualOf(view.flat, deviation, state);
  const { rotation, translation, modes } = state;
  if (!(residual < NO_FACE)) return null;
  const [x, y, z] = rotate(view.toCamera, translation[0], translation[1], translation[2]);
  return {
    rotation: product(view.toCamera, rotation),
    translation: Float64Array.of(x, y, z),
    modes,
    residual,
  };
}

/**
 * The points in the face's own frame, whatever its pose: each where its line of sight reaches the depth of the fitted face.
 * @returns x0, y0, z0, …, cm in the head's axes; NaN of a point that is missing.
 */
export function ownPoints(points: Points<'image'>, camera: Camera, fit: Fit): Float64Array {
  const { flat, toCamera } = viewOfFace(points, camera);
  const { rotation, translation: t, modes } = inView(fit, { toCamera } as FaceView);
  const shape = shapeOf(modes);
  const back = inverse(rotation);
  const own = new Float64Array(3 * POINTS);
  for (let i = 0; i < POINTS; i++) {
    const z = rotation[6] * shape[3 * i] + rotation[7] * shape[3 * i + 1] + rotation[8] * shape[3 * i + 2];
    const depth = -(z + t[2]);
    own.set(rotate(back, flat[2 * i] * depth - t[0], flat[2 * i + 1] * depth - t[1], z), 3 * i);
  }
  return own;
}
