import { expect, test } from 'vitest';
import { newPhoto } from '../../../tests/fixtures/photos';
import { triangle } from '../../../tests/fixtures/faces';
import { formats, type ExportFile, type Format } from '../../shared/formats';
import { fromNetwork } from './corrections/faces';
import { exportPictureOf } from './export-pictures';

const model = { id: 'plain', title: 'Plain', family: 'regression', scheme: triangle } as const;
const style = { overlay: 'points', groups: false, numbers: false, spread: 'off' } as const;

/** A photo whose model gives points alone. */
function exported() {
  const faces = fromNetwork([
    {
      points: Float32Array.of(1, 2, 3, 4, 5, 6),
      spread: null,
      box: { x: 1, y: 2, width: 4, height: 4 },
      score: 0.9,
      id: 1,
    },
  ]);
  const photo = {
    ...newPhoto('a.jpg'),
    ...{ id: 'a', bytes: 1, addedMs: 0, isKept: true, work: { kind: 'done' } as const },
    results: { plain: { model: 'plain', found: faces, corrected: null } },
    marks: {},
  };
  return exportPictureOf(photo, model, () => Promise.reject(new Error('not needed')));
}

test.each(['json', 'csvWide', 'csvLong', 'coco'] as const)(
  'a model that gives no spread exports none, rather than points that claim to be placed by hand: %s',
  (id) => {
    const format: Format = formats[id];
    const [{ name, data }] = format.write([exported()], { style }) as Iterable<ExportFile>;
    const [{ faces }] = format.read!(data as string, name);
    expect([...faces[0].points]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(faces[0].spread).toBeUndefined();
  },
);

test('and in dlib’s XML', () => {
  const [{ data }] = formats.dlib.write([exported()], { style }) as Iterable<ExportFile>;
  expect(data).toContain('<part name="0"');
  expect(data).not.toContain('spread');
});
