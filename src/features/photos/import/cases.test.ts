/** Files as people have reported them, where the folder of cases lies beside the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newPhoto, photoModel } from '../../../../tests/fixtures/photos';
import type { Photo } from '../types';
import { gather } from './gather';
import { importLandmarks } from './landmarks';

const folder = '../shared/cases/points';
const isHere = existsSync(folder);
if (!isHere) console.warn(`no ${folder}: the cases that people reported are not read`);

const fileOf = (path: string) => ({
  file: new File([readFileSync(path)], path.split('/').at(-1)!),
  folder: '',
});
const entries = isHere ? readdirSync(folder, { withFileTypes: true }) : [];
const folders = entries.filter((one) => one.isDirectory()).map(({ name }) => name);
const tables = entries.filter((one) => /\.(csv|json)$/.test(one.name)).map(({ name }) => name);

/** The first point of every case but those without it, px. */
const FIRST = { x: 294, y: 118 };
/** Px: some cases have whole pixels. */
const TOLERANCE_PX = 0.6;

function near(points: ArrayLike<number>): boolean {
  const isMissing = Number.isNaN(points[0]) && Number.isNaN(points[1]);
  return isMissing || Math.hypot(points[0] - FIRST.x, points[1] - FIRST.y) < TOLERANCE_PX;
}

describe.skipIf(!isHere)('a picture with its points', () => {
  it.each(folders.filter((name) => name !== 'same-names'))('%s', async (name) => {
    const files = readdirSync(join(folder, name)).map((file) => fileOf(join(folder, name, file)));
    const { pictures, doubts, problems } = await gather({ files, problems: [] }, []);
    expect([doubts, problems]).toEqual([[], []]);
    const [{ truth }] = pictures;
    expect(truth).toHaveLength(1);
    expect(truth[0]).toHaveLength(136);
    expect(near(truth[0])).toBe(true);
    expect(Number.isNaN(truth[0][0])).toBe(name === 'pts-nan');
  });
});

describe.skipIf(!isHere)('a table for face.jpg', () => {
  const model = { ...photoModel('lite'), scheme: { ...photoModel('x').scheme, pointCount: 68 } };
  const photo = (at: string): Photo => {
    const { file, ...rest } = newPhoto('face.jpg');
    const id = `${at}/face.jpg`;
    const size = { width: 512, height: 512, bytes: file.size };
    return {
      ...rest,
      ...size,
      id,
      folder: at,
      addedMs: 0,
      work: { kind: 'done' },
      results: {},
      marks: {},
      isKept: true,
    };
  };
  const known = (...photos: Photo[]) => ({ photos, models: { lite: model }, shown: 'lite' });

  it.each(tables.filter((name) => name !== 'coco-17.json'))('%s', async (name) => {
    const { results, doubts } = await importLandmarks(fileOf(join(folder, name)), known(photo('')));
    expect(doubts).toEqual([]);
    const [face] = (results[0].corrected ?? results[0].found)!;
    expect(face.points).toHaveLength(136);
    expect(near(face.points)).toBe(true);
    if (/TRUE/.test(name)) expect(results[0].corrected).not.toBeNull();
    if (/unlabelled/.test(name)) expect(face.points.slice(0, 20).every(Number.isNaN)).toBe(true);
  });

  it.each(tables.filter((name) => name !== 'coco-17.json'))(
    '%s asks which of two of that name',
    async (name) => {
      const two = known(photo('a'), photo('b'));
      const { results, doubts } = await importLandmarks(fileOf(join(folder, name)), two);
      expect(results).toEqual([]);
      expect(doubts[0].choices.map(({ label }) => label)).toEqual(['a/face.jpg', 'b/face.jpg']);
    },
  );

  it.runIf(tables.includes('coco-17.json'))('coco-17.json is refused as what it is', async () => {
    const reading = importLandmarks(fileOf(join(folder, 'coco-17.json')), known(photo('')));
    await expect(reading).rejects.toThrow(
      'face.jpg: has a face of 17 points, which no model here has given.',
    );
  });
});
