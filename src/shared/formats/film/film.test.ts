import Ajv from 'ajv';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import schema from '../../../../docs/film.schema.json';
import { filmAbout, filmFrames, signalsAt } from '../../../../tests/fixtures/film';
import { makeGaze } from '../../../../tests/fixtures/signals';
import { jsonSchemas } from '../json-schema';
import {
  filmFormatsFor,
  readFilmJson,
  writeFilm,
  type FilmAbout,
  type FilmFormatId,
  type FilmFrame,
} from './index';

/** Radians: of the single-precision matrix. */
const ANGLE_TOLERANCE = 1e-4;

const withGaze: FilmAbout = {
  ...filmAbout,
  hasGaze: true,
  summary: {
    ...filmAbout.summary,
    people: filmAbout.summary.people.map((person) => ({ ...person, gazeYawDeg: { low: -5, high: 12 } })),
  },
};
/** Of the two people in the first frame one looks aside with the right eye, of the other both eyes are shut. */
const gazeFrames: readonly FilmFrame[] = filmFrames.map((frame, i) => {
  if (i > 0) return frame;
  const gaze = makeGaze({ yawDeg: 10, pitchDeg: -5, left: null, right: { x: 12.5, y: 21 } });
  const [one, other] = frame.faces;
  return { ...frame, faces: [{ ...one, signals: signalsAt(10, 0, 0, gaze) }, other] };
});

async function* each(frames: readonly FilmFrame[]) {
  yield* frames;
}
async function write(id: FilmFormatId, film: FilmAbout = filmAbout, frames = filmFrames): Promise<string> {
  let text = '';
  for await (const piece of writeFilm(id, film, each(frames))) text += piece;
  return text;
}
async function rowsOf(id: FilmFormatId, film?: FilmAbout, frames?: readonly FilmFrame[]) {
  const { data, errors } = Papa.parse<Record<string, string>>((await write(id, film, frames)).trimEnd(), {
    header: true,
  });
  expect(errors).toEqual([]);
  return data;
}

describe('CSV of a film', () => {
  it('has a row per frame and face, and one for a frame without', async () => {
    const rows = await rowsOf('csv');
    expect(rows.map(({ frame, time_ms, shot, face }) => [frame, time_ms, shot, face])).toEqual([
      ['1', '0', '1', '1'],
      ['1', '0', '1', '2'],
      ['2', '33.367', '1', ''],
      ['3', '66.733', '2', '1'],
    ]);
    expect(rows[0]).toMatchObject({
      ...{ name: 'Ada, "L."', confidence: '0.9877', pose_yaw_deg: '10', eye_left: '0.9', blinks_left: '1' },
      ...{ blinks_right: '0', jawOpen: '0.25', x1: '10', y3: '40', spread2: '2' },
    });
    expect([rows[1].spread1, rows[2].x1, rows[2].jawOpen]).toEqual(['', '', '']);
  });

  it('has columns of gaze where any face has it', async () => {
    const rows = await rowsOf('csv', withGaze, gazeFrames);
    const names = ['gaze_yaw_deg', 'gaze_pitch_deg', 'iris_left_x', 'iris_left_y', 'iris_right_x', 'iris_right_y']; // prettier-ignore
    const columns = Object.keys(rows[0]);
    const from = columns.indexOf('mouth_asymmetry') + 1;
    expect(columns.slice(from, from + 7)).toEqual([...names, 'jawOpen']);
    expect(names.map((name) => rows[0][name])).toEqual(['10', '-5', '', '', '12.5', '21']);
    for (const row of rows.slice(1)) expect(names.map((name) => row[name])).toEqual(Array(6).fill(''));
    expect([rows[0].jawOpen, rows[0].x1]).toEqual(['0.25', '10']);
    expect((await write('csv')).includes('gaze')).toBe(false);
  });

  it('has no columns of signals where there are none', async () => {
    const frames = filmFrames.map((frame) => ({
      ...frame,
      faces: frame.faces.map(({ signals: _, ...face }) => face),
    }));
    const [row] = await rowsOf('csv', { ...filmAbout, hasSignals: false, expressions: [] }, frames);
    expect(Object.keys(row)).toHaveLength(6 + 9);
  });
});

describe('CSV as OpenFace writes it', () => {
  it('has its columns, units and signs', async () => {
    const rows = await rowsOf('openface');
    expect(Object.keys(rows[0]).slice(0, 11)).toEqual(
      'frame,face_id,timestamp,confidence,success,pose_Tx,pose_Ty,pose_Tz,pose_Rx,pose_Ry,pose_Rz'.split(','),
    );
    expect(rows[0]).toMatchObject({
      ...{ face_id: '0', timestamp: '0', success: '1', pose_Tx: '10', pose_Ty: '-20', pose_Tz: '600' },
      ...{ x_0: '9.5', y_2: '39.5', AU12_r: '2.5', AU12_c: '1', AU26_r: '1.25' },
    });
    expect(Object.keys(rows[0])).not.toContain('AU01_r');
    expect(rows[2]).toMatchObject({ frame: '2', timestamp: '0.033367', success: '0', x_0: '0', AU12_c: '0' });
  });

  it('has its gaze before the pose, where any face has it', async () => {
    const rows = await rowsOf('openface', withGaze, gazeFrames);
    const names = [
      ...['gaze_0_x', 'gaze_0_y', 'gaze_0_z', 'gaze_1_x', 'gaze_1_y', 'gaze_1_z'],
      ...['gaze_angle_x', 'gaze_angle_y'],
    ];
    expect(Object.keys(rows[0]).slice(5, 14)).toEqual([...names, 'pose_Tx']);
    const told = (row: Record<string, string>) => names.map((name) => Number(row[name]));
    // To the right and down, of the right eye, which is on the left of the picture; the head is beside the camera's axis.
    const [x, y, z, ...rest] = told(rows[0]);
    expect([x > 0.1, y > 0.1, z < -0.9]).toEqual([true, true, true]);
    expect(Math.hypot(x, y, z)).toBeCloseTo(1, 4);
    expect(rest.slice(0, 3)).toEqual([0, 0, 0]);
    // Of both together, as seen from the middle of the head, less far to the right than the right eye alone.
    expect(rest[3]).toBeGreaterThan(0.1);
    expect(rest[3]).toBeLessThan(Math.atan2(x, -z));
    expect(rest[4]).toBeCloseTo(Math.atan2(y, -z), 2);
    for (const row of rows.slice(1)) expect(told(row)).toEqual(Array(8).fill(0));
    expect((await write('openface')).includes('gaze')).toBe(false);
  });

  it.each([
    ['right of the picture: Ry below 0', 10, 0, 0],
    ['up: Rx below 0', 0, 20, 0],
    ['clockwise: Rz above 0', 0, 0, 30],
  ])('%s', async (_, yaw, pitch, roll) => {
    const face = { ...filmFrames[0].faces[0], signals: signalsAt(yaw, pitch, roll) };
    const [row] = await rowsOf('openface', filmAbout, [{ ...filmFrames[0], faces: [face] }]);
    const rad = (deg: number) => (deg * Math.PI) / 180;
    [-rad(pitch), -rad(yaw), rad(roll)].forEach((expected, i) =>
      expect(Math.abs(Number(row[`pose_R${'xyz'[i]}`]) - expected)).toBeLessThan(ANGLE_TOLERANCE),
    );
  });
});

describe('JSON of a film', () => {
  it('has an up-to-date schema in docs: `npm run schema` writes it', () => {
    expect(schema).toEqual(jsonSchemas['film.schema.json']());
  });

  it('fits it line by line, and is read back', async () => {
    const text = await write('json');
    const validate = new Ajv().compile(schema);
    const lines = [text, await write('json', withGaze, gazeFrames)].join('').trimEnd().split('\n');
    for (const line of lines) expect(validate(JSON.parse(line)), JSON.stringify(validate.errors)).toBe(true);
    const { film, frames } = readFilmJson(text, 'film.jsonl');
    expect(film.summary).toEqual(filmAbout.summary);
    expect(frames.map(({ faces }) => faces.map(({ id }) => id))).toEqual([[1, 2], [], [1]]);
    expect(frames[0].faces[0].points).toEqual([
      [10, 20],
      [30, 20],
      [20, 40],
    ]);
    expect(frames[2].faces[0].signals?.pose.rollDeg).toBe(30);
    expect('spread' in frames[0].faces[1]).toBe(false);
  });

  it('has gaze where it was told', async () => {
    const { film, frames } = readFilmJson(await write('json', withGaze, gazeFrames), 'film.jsonl');
    expect(film.summary.people[0].gazeYawDeg).toEqual({ low: -5, high: 12 });
    const [one, other] = frames[0].faces;
    expect(one.signals?.gaze).toMatchObject({
      yawDeg: 10,
      left: null,
      right: { x: 12.5, y: 21, pitchDeg: -5 },
    });
    expect(other.signals).not.toHaveProperty('gaze');
  });

  it('that is damaged gives an error with the line', async () => {
    const [first, second] = (await write('json')).split('\n');
    expect(() => readFilmJson(`${first}\n${second.replace('"shot":1', '"shot":0')}`, 'a.jsonl')).toThrow(
      'a.jsonl, line 2: shot must be a whole number of at least 1, found 0',
    );
  });
});

it('OpenFace’s columns are for its 68 points alone', () => {
  const { scheme } = filmAbout;
  expect(filmFormatsFor(scheme)).toEqual(['csv', 'json']);
  expect(filmFormatsFor({ ...scheme, id: 'ibug68', pointCount: 68 })).toEqual(['csv', 'openface', 'json']);
});
