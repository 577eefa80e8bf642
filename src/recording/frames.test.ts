import { describe, expect, it } from 'vitest';
import type { Face, Scheme } from '../engine/types';
import type { RecordingRecord } from '../storage/recordings';
import { frameLine, parseLines, toCsv, toJson } from './frames';
import { durationWords } from './words';

const scheme = { id: 'two', pointCount: 2, names: ['left', 'right'] } as unknown as Scheme;
const record: RecordingRecord = {
  id: '1',
  startedMs: Date.UTC(2026, 0, 31),
  type: 'video/webm',
  width: 640,
  height: 480,
  mirrored: true,
  model: 'two',
  scheme,
  durationMs: 40,
};
const face = (id: number, spread: readonly number[] | null): Face => ({
  id,
  score: 0.98765,
  points: Float32Array.of(1.5, 2, 3, 4.25),
  spread: spread && Float32Array.from(spread),
  box: { x: 0, y: 0, width: 1, height: 1 },
});
const lines = [
  frameLine({ faces: [face(1, [0.5, 0.25])] }, 0),
  frameLine({ faces: [] }, 33.4),
  frameLine({ faces: [face(1, null), face(2, null)] }, 66.7),
].join('');

describe('a recording', () => {
  it('as JSON says what it is, and has every frame, also those without a face', () => {
    const json = JSON.parse(toJson(record, parseLines(lines)));
    expect(json).toMatchObject({
      format: 'mien-recording',
      version: 1,
      started: '2026-01-31T00:00:00.000Z',
      mirrored: true,
      scheme: { id: 'two' },
    });
    expect(json.frames.map(({ timeMs }: { timeMs: number }) => timeMs)).toEqual([0, 33, 67]);
    expect(json.frames[0].faces).toEqual([
      { id: 1, score: 0.9877, points: [[1.5, 2], [3, 4.25]], spread: [0.5, 0.25] }, // prettier-ignore
    ]);
  });

  it('as CSV has a row per face and frame', () => {
    expect(toCsv(record, parseLines(lines)).split('\r\n')).toEqual([
      'time_ms,face,score,x1,y1,spread1,x2,y2,spread2',
      '0,1,0.9877,1.5,2,0.5,3,4.25,0.25',
      '67,1,0.9877,1.5,2,,3,4.25,',
      '67,2,0.9877,1.5,2,,3,4.25,',
      '',
    ]);
  });

  it('of a minute and more is counted in minutes', () => {
    expect([0, 999, 61_000, 754_600].map(durationWords)).toEqual(['0:00', '0:01', '1:01', '12:35']);
  });
});
