/** Landmarks over time: a line per frame while recording, JSON or CSV afterwards (docs/landmarks-json.md). */

import { apply } from '../../../engine/geometry';
import type { Affine, Points, Result } from '../../../engine/types';
import { rounded } from '../../../shared/formats/names';
import type { RecordedFace, RecordedFrame } from '../../../shared/formats/recording/schema';
import { signalsRecord, type SignalsRecord } from '../../../shared/formats/signals/record';
import type { RecordingRecord } from './recording-storage';

const identity: Affine<'image', 'view'> = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/**
 * One line of JSON. @param toRecording from px of the frame to px of the recording: another size since the phone was turned
 */
export function frameLine(
  { faces, timeMs: frameMs }: Pick<Result, 'faces' | 'timeMs'>,
  timeMs: number,
  toRecording: Affine<'image', 'view'> = identity,
): string {
  const scale = Math.hypot(toRecording.a, toRecording.b);
  const frame: RecordedFrame = {
    timeMs: Math.round(timeMs),
    faces: faces.map(({ id, score, points, spread, visible, signals }) => ({
      id,
      score: rounded(score),
      points: pairsOf(apply(toRecording, points)),
      spread: spread && Array.from(spread, (px) => rounded(px * scale)),
      ...(visible && { visible: Array.from(visible, rounded) }),
      ...(signals && { signals: signalsRecord(signals, timeMs - frameMs, toRecording) }),
    })),
  };
  return `${JSON.stringify(frame)}\n`;
}

function pairsOf(points: Points<'view'>): [number, number][] {
  return Array.from({ length: points.length / 2 }, (_, i) => [
    rounded(points[2 * i]),
    rounded(points[2 * i + 1]),
  ]);
}

function parseLines(text: string): RecordedFrame[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedFrame);
}

/**
 * The recording as one JSON document, in pieces: a long one is larger than the longest string a browser holds.
 * @param parts its frames, one JSON document a line, part by part
 */
export async function toJson(record: RecordingRecord, parts: readonly Blob[]): Promise<Blob> {
  const { startedMs, width, height, mirrored, model, scheme } = record;
  const started = new Date(startedMs).toISOString();
  const about = { format: 'mien-recording', version: 1, started, width, height, mirrored, model, scheme };
  const pieces: Blob[] = [];
  for (const part of parts) {
    const lines = (await part.text()).split('\n').filter(Boolean);
    if (lines.length) pieces.push(new Blob([pieces.length ? ',' : '', lines.join(',')]));
  }
  return new Blob([JSON.stringify(about).slice(0, -1), ',"frames":[', ...pieces, ']}']);
}

/**
 * The same as a table: a row per face and frame; points count from 1, as in the tables of pictures. Signals come last, where
 * the recording has any.
 */
export async function toCsv({ scheme }: RecordingRecord, parts: readonly Blob[]): Promise<Blob> {
  const told = await toldSignals(parts);
  const columns = scheme.names.flatMap((_, i) => [`x${i + 1}`, `y${i + 1}`, `spread${i + 1}`]);
  const pieces = [new Blob([toRow(['time_ms', 'face', 'score', ...columns, ...columnsOf(told)])])];
  for (const part of parts)
    pieces.push(new Blob(parseLines(await part.text()).flatMap((frame) => rowsOf(frame, told))));
  return new Blob(pieces);
}

/** Which signals a recording has. */
interface Told {
  /** Names of the movements, of all faces together: some are told with the gaze alone. Null without any signals. */
  readonly expression: readonly string[] | null;
  readonly hasGaze: boolean;
}

async function toldSignals(parts: readonly Blob[]): Promise<Told> {
  let [hasSignals, hasGaze] = [false, false];
  const names = new Set<string>();
  for (const part of parts)
    for (const { faces } of parseLines(await part.text()))
      for (const { signals } of faces) {
        for (const name of Object.keys(signals?.expression ?? {})) names.add(name);
        hasSignals ||= signals !== undefined;
        hasGaze ||= signals?.gaze !== undefined;
      }
  return { expression: hasSignals ? [...names] : null, hasGaze };
}

const signalColumns = [
  ...['yaw_deg', 'pitch_deg', 'roll_deg', 'left_eye', 'right_eye'],
  ...['mouth_opening', 'mouth_width', 'mouth_asymmetry'],
];
const gazeColumns = [
  ...['gaze_yaw_deg', 'gaze_pitch_deg'],
  ...['left_iris_x', 'left_iris_y', 'right_iris_x', 'right_iris_y'],
];

const columnsOf = ({ expression, hasGaze }: Told): readonly string[] =>
  expression ? [...signalColumns, ...(hasGaze ? gazeColumns : []), ...expression] : [];

function rowsOf({ timeMs, faces }: RecordedFrame, told: Told): string[] {
  return faces.map((face) => toRow([timeMs, ...faceCells(face), ...signalCells(face.signals, told)]));
}

type Cells = readonly (string | number)[];

const faceCells = ({ id, score, points, spread }: RecordedFace): Cells => [
  ...[id, score],
  ...points.flatMap(([x, y], i) => [x, y, spread ? spread[i] : '']),
];

function signalCells(signals: SignalsRecord | undefined, told: Told): Cells {
  if (!signals) return columnsOf(told).map(() => '');
  const { pose, eyes, mouth, expression, gaze } = signals;
  return [
    ...[pose.yawDeg, pose.pitchDeg, pose.rollDeg, eyes.left, eyes.right],
    ...[mouth.opening, mouth.width, mouth.asymmetry],
    ...(told.hasGaze ? gazeCells(gaze) : []),
    ...(told.expression ?? []).map((name) => expression[name] ?? ''),
  ];
}

function gazeCells(gaze: SignalsRecord['gaze']): Cells {
  if (!gaze) return gazeColumns.map(() => '');
  const iris = (eye: typeof gaze.left) => (eye ? [eye.x, eye.y] : ['', '']);
  return [gaze.yawDeg, gaze.pitchDeg, ...iris(gaze.left), ...iris(gaze.right)];
}

const toRow = (cells: Cells) => `${cells.join(',')}\r\n`;
