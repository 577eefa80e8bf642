import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportPictures } from '../../../tests/fixtures/faces';
import { formats } from './index';
import { stemOf } from './names';
import type { ExportFile, ExportPicture, Format, ImportedPicture } from './types';

/** How far a point may move on its way to a file and back, px. */
const ROUND_TRIP_PX = 0.001;

const options = { style: { overlay: 'points', groups: false, numbers: false, spread: 'off' } } as const;

function trip(format: Format, pictures: readonly ExportPicture[]): ImportedPicture[] {
  const files = [...(format.write(pictures, options) as Iterable<ExportFile>)];
  return files.flatMap(({ name, data }) => format.read!(data as string, name));
}

function expectSame(found: Float32Array, wanted: Float32Array): void {
  expect(found).toHaveLength(wanted.length);
  const off = Math.max(...Array.from(found, (value, i) => Math.abs(value - wanted[i])));
  expect(off).toBeLessThanOrEqual(ROUND_TRIP_PX);
}

// The same for dlib's XML is in tests/e2e/photos-export.test.ts: its reader needs a browser.
describe.each(['json', 'csvWide', 'csvLong', 'coco'] as const)('%s', (id) => {
  it('returns every picture, face and field', () => {
    fc.assert(
      fc.property(exportPictures, (pictures) => {
        const back = trip(formats[id], pictures);
        expect(back.map(({ path }) => path)).toEqual(
          pictures.map(({ folder, name }) => (folder ? `${folder}/${name}` : name)),
        );
        for (const [i, { width, height, faces }] of pictures.entries()) {
          expect(back[i]).toMatchObject({ width, height });
          expect(back[i].faces).toHaveLength(faces.length);
          for (const [j, face] of faces.entries()) {
            const found = back[i].faces[j];
            expectSame(found.points, face.points);
            if (face.spread) expectSame(found.spread!, face.spread);
            else expect(found.spread).toBeUndefined();
            if (id === 'json') expect(found.visible?.length).toBe(face.visible?.length);
            if (id === 'json' && face.visible) expectSame(found.visible!, face.visible);
            // COCO says of each point only whether it is hidden.
            if (id === 'coco' && found.visible)
              expect([...found.visible]).toEqual(Array.from(face.visible!, (share) => (share < 0.5 ? 0 : 1)));
            if (id === 'coco' && !found.visible)
              expect(face.visible?.some((share) => share < 0.5)).not.toBe(true);
            expect(found.score).toBeCloseTo(face.score, 4);
            expect(found).toMatchObject({ model: face.model, scheme: 'triangle', corrected: face.corrected });
          }
        }
      }),
    );
  });
});

describe('pts', () => {
  it('returns the points of every face', () => {
    fc.assert(
      fc.property(exportPictures, (pictures) => {
        const back = trip(formats.pts, pictures);
        const faces = pictures.flatMap(({ faces }) => faces);
        expect(back).toHaveLength(faces.length);
        for (const [i, face] of faces.entries()) expectSame(back[i].faces[0].points, face.points);
      }),
    );
  });

  it('names a file after its picture, and further faces with numbers that no other picture has', () => {
    const [face] = fc.sample(exportPictures, { numRuns: 20, seed: 1 }).flat()[0].faces;
    const picture = (name: string, count: number): ExportPicture => ({
      ...{ name, folder: 'a', width: 9, height: 9, faces: Array(count).fill(face) },
      open: () => Promise.reject(new Error('not needed')),
    });
    const back = trip(formats.pts, [picture('x.jpg', 3), picture('x_1.jpg', 2), picture('none.jpg', 0)]);
    expect(back.map(({ path }) => path)).toEqual(['a/x', 'a/x_2', 'a/x_3', 'a/x_1', 'a/x_1_1']);
    expect(back.map(({ path }) => path)).not.toContain(stemOf('a/none.jpg'));
  });
});
