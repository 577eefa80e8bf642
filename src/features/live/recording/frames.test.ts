import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import schema from '../../../../docs/recording.schema.json';
import { parseManifest } from '../../../engine/model/manifest';
import { makeFace, makeGaze, makeSignals } from '../../../../tests/fixtures/signals';
import { jsonSchemas } from '../../../shared/formats/json-schema';
import type { Face, Scheme } from '../../../engine/types';
import type { RecordingRecord } from './recording-storage';
import { frameLine, toCsv, toJson } from './frames';
import { formatDuration } from './labels';

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
  frameLine({ faces: [face(1, [0.5, 0.25])], timeMs: 0 }, 0),
  frameLine({ faces: [], timeMs: 0 }, 33.4),
  frameLine({ faces: [face(1, null), face(2, null)], timeMs: 0 }, 66.7),
];
/** As storage has them: a part may have no frame, and one may have several. */
const parts = [new Blob([]), new Blob(lines.slice(0, 2)), new Blob([]), new Blob(lines.slice(2))];

describe('a recording', () => {
  it('as JSON says what it is, and has every frame, also those without a face', async () => {
    const json = JSON.parse(await (await toJson(record, parts)).text());
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

  it('as CSV has a row per face and frame', async () => {
    expect((await (await toCsv(record, parts)).text()).split('\r\n')).toEqual([
      'time_ms,face,score,x1,y1,spread1,x2,y2,spread2',
      '0,1,0.9877,1.5,2,0.5,3,4.25,0.25',
      '67,1,0.9877,1.5,2,,3,4.25,',
      '67,2,0.9877,1.5,2,,3,4.25,',
      '',
    ]);
  });

  it('of faces that carry signals has them beside the points, and as columns after them', async () => {
    const doing = { yawDeg: 12.34567, eyes: { left: 0.5 }, expression: { jawOpen: 0.25 } };
    const withSignals = [
      frameLine({ faces: [face(1, null)], timeMs: 0 }, 0),
      frameLine({ faces: [{ ...face(1, null), signals: makeSignals(doing) }], timeMs: 33 }, 33),
    ];
    const json = JSON.parse(await (await toJson(record, [new Blob(withSignals)])).text());
    expect(json.frames[0].faces[0]).not.toHaveProperty('signals');
    expect(json.frames[1].faces[0].signals).toMatchObject({ pose: { yawDeg: 12.3457 }, eyes: { left: 0.5 } });
    // Spread over parts as storage has them.
    const csv = await toCsv(record, withSignals.map((line) => new Blob([line]))); // prettier-ignore
    const [heading, without, row] = (await csv.text()).split('\r\n').map((line) => line.split(','));
    const cell = (name: string) => row[heading.indexOf(name)];
    expect(['yaw_deg', 'left_eye', 'mouth_width', 'jawOpen'].map(cell)).toEqual([
      '12.3457',
      '0.5',
      '1',
      '0.25',
    ]);
    expect(heading.slice(0, 9).at(-1)).toBe('spread2');
    expect([without.length, row.length]).toEqual([heading.length, heading.length]);
    expect(without.slice(9).every((value) => value === '')).toBe(true);
  });

  it('with gaze has it beside the other signals, and columns of it only then', async () => {
    const gaze = makeGaze({ yawDeg: 5.43219, left: { x: 10.5, y: 20, spread: 0.5 }, right: null });
    const frame = (timeMs: number, told?: typeof gaze, toRecording?: Parameters<typeof frameLine>[2]) =>
      frameLine({ faces: [{ ...face(1, null), signals: makeSignals({ gaze: told }) }], timeMs }, timeMs, toRecording); // prettier-ignore
    const looking = makeSignals({ gaze, expression: { eyeLookUpLeft: 0.5 } });
    const lines = [frame(0), frameLine({ faces: [{ ...face(1, null), signals: looking }], timeMs: 33 }, 33)];
    const json = JSON.parse(await (await toJson(record, [new Blob(lines)])).text());
    expect(json.frames[0].faces[0].signals).not.toHaveProperty('gaze');
    expect(json.frames[1].faces[0].signals.gaze).toMatchObject({
      ...{ yawDeg: 5.4322, left: { x: 10.5, y: 20, spread: 0.5 }, right: null },
    });
    const csv = await toCsv(record, lines.map((line) => new Blob([line]))); // prettier-ignore
    const [heading, without, row] = (await csv.text()).split('\r\n').map((line) => line.split(','));
    const cells = (of: string[]) => {
      const from = heading.indexOf('gaze_yaw_deg');
      return [of.slice(from, from + 6), of[heading.indexOf('jawOpen')], of[heading.indexOf('eyeLookUpLeft')]];
    };
    expect(cells(heading)[0]).toEqual([
      ...['gaze_yaw_deg', 'gaze_pitch_deg'],
      ...['left_iris_x', 'left_iris_y', 'right_iris_x', 'right_iris_y'],
    ]);
    expect(cells(row)).toEqual([['5.4322', '0', '10.5', '20', '', ''], '0', '0.5']);
    expect(cells(without)).toEqual([Array(6).fill(''), '0', '']);
    expect(await (await toCsv(record, [new Blob([frame(0)])])).text()).not.toContain('gaze');
    // Fitted into the recording as the points are.
    const fitted = JSON.parse(frame(0, gaze, { a: 0, b: 2, c: -2, d: 0, e: 100, f: 0 }));
    expect(fitted.faces[0].signals.gaze.left).toMatchObject({ x: 60, y: 21, spread: 1 });
  });

  it('fits the documented schema, which is up to date: `npm run schema` writes it', async () => {
    expect(schema).toEqual(jsonSchemas['recording.schema.json']());
    const path = 'static/models/lite/model.json';
    const { scheme: shipped } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
    const whole = { ...record, scheme: shipped };
    const blinks = [{ eye: 'left', startMs: 890, durationMs: 100, depth: 0.9 }] as const;
    const faces = [
      makeFace(makeSignals({ blinks, gaze: makeGaze({ left: null }) }), {
        visible: new Float32Array(68).fill(0.5),
      }),
    ];
    const json = JSON.parse(
      await (
        await toJson(whole, [new Blob([...lines.slice(1, 2), frameLine({ faces, timeMs: 1000 }, 500)])])
      ).text(),
    );
    const validate = new Ajv().compile(schema);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    const [recorded] = json.frames[1].faces;
    expect(recorded.visible[0]).toBe(0.5);
    // On the clock of the video, as the frame itself.
    expect(recorded.signals.blinks).toEqual([{ ...blinks[0], startMs: 390 }]);
  });

  it('of a minute and more is counted in minutes', () => {
    expect([0, 999, 61_000, 754_600].map(formatDuration)).toEqual(['0:00', '0:01', '1:01', '12:35']);
  });
});
