/**
 * A row per frame and face, and one for each frame without. Frames and points count from 1; coordinates are px from the
 * frame's top-left corner, as in the tables of pictures. Cells of what was not measured are empty.
 */

import type { Gaze, Signals } from '../../../engine/types';
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

/** The same of the gaze; of an eye that is shut or hidden there is none. */
const gazeColumns: Readonly<Record<string, (gaze: Gaze) => number | undefined>> = {
  gaze_yaw_deg: ({ yawDeg }) => yawDeg,
  gaze_pitch_deg: ({ pitchDeg }) => pitchDeg,
  iris_left_x: ({ left }) => left?.x,
  iris_left_y: ({ left }) => left?.y,
  iris_right_x: ({ right }) => right?.x,
  iris_right_y: ({ right }) => right?.y,
};

const columnsOf = ({ hasSignals, hasGaze, expressions }: FilmAbout) => [
  ...(hasSignals ? Object.keys(signalColumns) : []),
  ...(hasGaze ? Object.keys(gazeColumns) : []),
  ...(hasSignals ? expressions : []),
];

export const filmCsv: FilmFormat = {
  label: 'CSV',
  about:
    'A row per frame and face: time, identity, pose, signals, points. Frames without a face have a row too.',
  extension: '.csv',
  begin(film) {
    const points = film.scheme.names.flatMap((_, i) => [`x${i + 1}`, `y${i + 1}`, `spread${i + 1}`]);
    return toRow([...frameColumns, ...columnsOf(film), ...points]);
  },
  frame(film, { index, timeMs, shot, faces }) {
    const head: Cell[] = [index + 1, roundedMs(timeMs), shot + 1];
    if (faces.length) return faces.map((face) => toRow([...head, ...faceCells(film, face)])).join('');
    const empty = frameColumns.length - head.length + columnsOf(film).length + 3 * film.scheme.pointCount;
    return toRow([...head, ...Array<Cell>(empty).fill('')]);
  },
};

function faceCells(film: FilmAbout, { id, score, points, spread, signals }: FilmFace): Cell[] {
  const name = film.summary.people.find((person) => person.id === id)?.name ?? '';
  const places = pairsOf(points).flatMap(([x, y], i) => [x, y, spread ? rounded(spread[i]) : '']);
  if (!film.hasSignals) return [id, name, rounded(score), ...places];
  const measured = Object.values(signalColumns).map((read) => numberOrEmpty(signals && read(signals)));
  const gaze = film.hasGaze
    ? Object.values(gazeColumns).map((read) => numberOrEmpty(signals?.gaze && read(signals.gaze)))
    : [];
  const weights = film.expressions.map((weight) => numberOrEmpty(signals?.expression[weight]));
  return [id, name, rounded(score), ...measured, ...gaze, ...weights, ...places];
}
