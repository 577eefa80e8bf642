/** Landmarks over time: a line per frame while recording, JSON or CSV afterwards (docs/landmarks-json.md). */

import type { Result } from '../engine/types';
import { rounded } from '../export/names';
import type { RecordingRecord } from '../storage/recordings';

export interface RecordedFace {
  /** The same for as long as the face is followed. */
  readonly id: number;
  readonly score: number;
  /** Px of the picture, from its top-left corner. */
  readonly points: readonly (readonly [number, number])[];
  /** Px; null where the model does not tell it. */
  readonly spread: readonly number[] | null;
}

export interface RecordedFrame {
  /** From the beginning of the video, ms. */
  readonly timeMs: number;
  readonly faces: readonly RecordedFace[];
}

/** One line of JSON. */
export function frameLine({ faces }: Pick<Result, 'faces'>, timeMs: number): string {
  const frame: RecordedFrame = {
    timeMs: Math.round(timeMs),
    faces: faces.map(({ id, score, points, spread }) => ({
      id,
      score: rounded(score),
      points: Array.from({ length: points.length / 2 }, (_, i) => [
        rounded(points[2 * i]),
        rounded(points[2 * i + 1]),
      ]),
      spread: spread && Array.from(spread, rounded),
    })),
  };
  return `${JSON.stringify(frame)}\n`;
}

export function parseLines(text: string): RecordedFrame[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedFrame);
}

export function toJson(record: RecordingRecord, frames: readonly RecordedFrame[]): string {
  const { startedMs, width, height, mirrored, model, scheme } = record;
  const started = new Date(startedMs).toISOString();
  const about = { format: 'mien-recording', version: 1, started, width, height, mirrored, model, scheme };
  return JSON.stringify({ ...about, frames });
}

/** A row per face and frame; points count from 1, as in the tables of pictures. */
export function toCsv({ scheme }: RecordingRecord, frames: readonly RecordedFrame[]): string {
  const columns = scheme.names.flatMap((_, i) => [`x${i + 1}`, `y${i + 1}`, `spread${i + 1}`]);
  const rows = frames.flatMap(({ timeMs, faces }) =>
    faces.map(({ id, score, points, spread }) => [
      timeMs,
      id,
      score,
      ...points.flatMap(([x, y], i) => [x, y, spread ? spread[i] : '']),
    ]),
  );
  return [['time_ms', 'face', 'score', ...columns], ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}
