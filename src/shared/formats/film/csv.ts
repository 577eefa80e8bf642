/**
 * A row per frame and face, and one for each frame without. Frames and points count from 1; coordinates are px from the
 * frame's top-left corner, as in the tables of pictures. Cells of what was not measured are empty.
 */

import type { Signals } from '../../../engine/types';
import { pairsOf, rounded } from '../names';
import { numberOrEmpty, roundedMs, toRow, type Cell } from './cells';
import type { FilmAbout, FilmFace, FilmFormat } from './types';

const frameColumns = ['frame', 'time_ms', 'shot', 'face', 'name', 'confidence'];

/** Columns of the signals, and where each comes from. */
const signalColumns: Readonly<Record<string, (signals: Signals) => number>> = {
  pose_yaw_deg: ({ pose }) => pose.yawDeg,
  pose_pitch_deg: ({ pose }) => pose.pitchDeg,
  pose_roll_deg: ({ pose }) => pose.rollDeg,
  eye_left: ({ eyes }) => eyes.left,
  eye_right: ({ eyes }) => eyes.right,
  blinks_left: ({ blinks }) => blinks.filter(({ eye }) => eye === 'left').length,
  blinks_right: ({ blinks }) => blinks.filter(({ eye }) => eye === 'right').length,
  mouth_opening: ({ mouth }) => mouth.opening,
  mouth_width: ({ mouth }) => mouth.width,
  mouth_asymmetry: ({ mouth }) => mouth.asymmetry,
};

export const filmCsv: FilmFormat = {
  label: 'CSV',
  about:
    'A row per frame and face: time, identity, pose, signals, points. Frames without a face have a row too.',
  extension: '.csv',
  begin({ scheme, expressions, hasSignals }) {
    const points = scheme.names.flatMap((_, i) => [`x${i + 1}`, `y${i + 1}`, `spread${i + 1}`]);
    const signals = hasSignals ? [...Object.keys(signalColumns), ...expressions] : [];
    return toRow([...frameColumns, ...signals, ...points]);
  },
  frame(film, { index, timeMs, shot, faces }) {
    const head: Cell[] = [index + 1, roundedMs(timeMs), shot + 1];
    if (faces.length) return faces.map((face) => toRow([...head, ...faceCells(film, face)])).join('');
    const signals = film.hasSignals ? Object.keys(signalColumns).length + film.expressions.length : 0;
    const empty = frameColumns.length - head.length + signals + 3 * film.scheme.pointCount;
    return toRow([...head, ...Array<Cell>(empty).fill('')]);
  },
};

function faceCells(film: FilmAbout, { id, score, points, spread, signals }: FilmFace): Cell[] {
  const name = film.summary.people.find((person) => person.id === id)?.name ?? '';
  const places = pairsOf(points).flatMap(([x, y], i) => [x, y, spread ? rounded(spread[i]) : '']);
  if (!film.hasSignals) return [id, name, rounded(score), ...places];
  const measured = Object.values(signalColumns).map((read) => numberOrEmpty(signals && read(signals)));
  const weights = film.expressions.map((weight) => numberOrEmpty(signals?.expression[weight]));
  return [id, name, rounded(score), ...measured, ...weights, ...places];
}
