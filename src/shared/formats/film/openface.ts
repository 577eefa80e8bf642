/**
 * The columns of OpenFace 2.2's FeatureExtraction (Baltrušaitis et al. 2018), by its names, units and signs, as far as Mien
 * measures them: no landmarks of the eyes, no 3-D landmarks, no shape parameters. A frame without a face has a row of zeros with
 * `success` 0, and a face or an eye without gaze zeros for it.
 */

import { openFaceGazeOf, openFacePoseOf } from '../../../engine/signals/openface';
import { hasSignals } from '../../../engine/signals/told';
import type { Signals } from '../../../engine/types';
import { rounded } from '../names';
import { toRow, type Cell } from './cells';
import type { FilmAbout, FilmFace, FilmFormat } from './types';

const frameColumns = ['frame', 'face_id', 'timestamp', 'confidence', 'success'];
const gazeColumns = [
  ...(['gaze_0_x', 'gaze_0_y', 'gaze_0_z', 'gaze_1_x', 'gaze_1_y', 'gaze_1_z'] as const),
  ...(['gaze_angle_x', 'gaze_angle_y'] as const),
];
const poseColumns = ['pose_Tx', 'pose_Ty', 'pose_Tz', 'pose_Rx', 'pose_Ry', 'pose_Rz'] as const;

/** OpenFace's action units by the weights that stand for them; those of two sides are averaged. */
const actionUnits: Readonly<Record<string, readonly string[]>> = {
  AU01: ['browInnerUp'],
  AU02: ['browOuterUpLeft', 'browOuterUpRight'],
  AU04: ['browDownLeft', 'browDownRight'],
  AU05: ['eyeWideLeft', 'eyeWideRight'],
  AU06: ['cheekSquintLeft', 'cheekSquintRight'],
  AU07: ['eyeSquintLeft', 'eyeSquintRight'],
  AU09: ['noseSneerLeft', 'noseSneerRight'],
  AU10: ['mouthUpperUpLeft', 'mouthUpperUpRight'],
  AU12: ['mouthSmileLeft', 'mouthSmileRight'],
  AU14: ['mouthDimpleLeft', 'mouthDimpleRight'],
  AU15: ['mouthFrownLeft', 'mouthFrownRight'],
  AU17: ['mouthShrugLower'],
  AU20: ['mouthStretchLeft', 'mouthStretchRight'],
  AU26: ['jawOpen'],
  AU45: ['eyeBlinkLeft', 'eyeBlinkRight'],
};
/** OpenFace's intensities run from 0 to 5, and a unit is present from 1 on. */
const FULL_INTENSITY = 5;
const PRESENT_FROM = 1;

/** Those of which at least one weight is there. */
const unitsOf = ({ expressions }: FilmAbout) =>
  Object.keys(actionUnits).filter((unit) => actionUnits[unit].some((name) => expressions.includes(name)));

export const openFace: FilmFormat = {
  label: 'CSV as OpenFace writes it',
  about:
    'OpenFace’s column names, units and signs, for scripts written for it; what Mien does not measure is left out.',
  extension: '.openface.csv',
  // Its points are the same 68 in the same order; x_0 of others would be taken for the jaw's first.
  fits: hasSignals,
  begin(film) {
    const indices = Array.from({ length: film.scheme.pointCount }, (_, i) => i);
    const units = unitsOf(film);
    return toRow([
      ...frameColumns,
      ...(film.hasGaze ? gazeColumns : []),
      ...(film.hasSignals ? poseColumns : []),
      ...indices.map((i) => `x_${i}`),
      ...indices.map((i) => `y_${i}`),
      ...units.map((unit) => `${unit}_r`),
      ...units.map((unit) => `${unit}_c`),
    ]);
  },
  frame(film, { index, timeMs, faces }) {
    const timestamp = Number((timeMs / 1000).toFixed(6));
    const rowOf = (id: number, confidence: number, success: number, rest: readonly Cell[]) =>
      toRow([index + 1, id, timestamp, rounded(confidence), success, ...rest]);
    if (faces.length)
      return faces.map((face) => rowOf(face.id - 1, face.score, 1, cellsOf(film, face))).join('');
    const told = (film.hasGaze ? gazeColumns.length : 0) + (film.hasSignals ? poseColumns.length : 0);
    return rowOf(0, 0, 0, Array<Cell>(told + 2 * film.scheme.pointCount + 2 * unitsOf(film).length).fill(0));
  },
};

function cellsOf(film: FilmAbout, { points, signals }: FilmFace): Cell[] {
  // OpenFace's pixel i has its centre at i.
  const along = (axis: 0 | 1) =>
    Array.from(
      points.filter((_, i) => i % 2 === axis),
      (value) => rounded(value - 0.5),
    );
  const intensities = unitsOf(film).map((unit) => intensityOf(unit, signals));
  return [
    ...(film.hasGaze ? gazeCells(signals) : []),
    ...(film.hasSignals ? poseCells(signals) : []),
    ...along(0),
    ...along(1),
    ...intensities.map(rounded),
    ...intensities.map((intensity) => (intensity >= PRESENT_FROM ? 1 : 0)),
  ];
}

function intensityOf(unit: string, signals: Signals | undefined): number {
  const weights = actionUnits[unit].flatMap((name) => signals?.expression[name] ?? []);
  return weights.length
    ? (FULL_INTENSITY * weights.reduce((sum, weight) => sum + weight, 0)) / weights.length
    : 0;
}

function gazeCells(signals: Signals | undefined): number[] {
  const { pose, gaze } = signals ?? {};
  const columns = pose && gaze && openFaceGazeOf({ pose, gaze });
  return gazeColumns.map((column) => shortened(columns?.[column] ?? 0));
}

function poseCells(signals: Signals | undefined): number[] {
  const columns = signals && openFacePoseOf(signals.pose);
  return poseColumns.map((column) => shortened(columns?.[column] ?? 0));
}

/** Adding 0 makes 0 of −0. */
const shortened = (value: number) => Number(value.toFixed(5)) + 0;
