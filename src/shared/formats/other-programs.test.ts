/** TPS, LJSON, .tem and OpenFace's CSV: as those programs write them, and back from what Mien writes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportPictures, triangle } from '../../../tests/fixtures/faces';
import { formats, type ExportFile, type ExportPicture, type FormatId } from './index';
import { stemOf } from './names';

/** How far a point may move on its way to a file and back, px. */
const ROUND_TRIP_PX = 0.001;
const options = { style: {} as never };

function trip(id: FormatId, pictures: readonly ExportPicture[]) {
  const files = [...(formats[id].write(pictures, options) as Iterable<ExportFile>)];
  return files.flatMap(({ name, data }) => (formats[id] as typeof formats.tps).read!(data as string, name));
}

const place = (points: ArrayLike<number>) => Array.from(points, (value) => Number(value.toFixed(3)));

describe('TPS', () => {
  const text =
    'LM=2\r\n10,5 20,5\r\n-1 -1\r\nCURVES=1\r\nPOINTS=2\r\n1 2\r\n3 4\r\nIMAGE=set\\a.jpg\r\nID=0\r\nSCALE=0.5\r\n\r\nLM=1\nNA NA\nIMAGE=b.jpg\nLM=1\n3 4\n';
  it('is read with missing points, y from the bottom; curves and points of no picture are counted', () => {
    const skipped: string[] = [];
    const [picture, ...others] = formats.tps.read!(text, 'x.tps', (message) => skipped.push(message));
    expect(others).toEqual([]);
    expect(picture).toMatchObject({ path: 'set\\a.jpg', isFromBottom: true, isStem: false });
    expect([...picture.faces[0].points]).toEqual([10.5, 20.5, NaN, NaN]);
    expect(skipped).toEqual([
      'x.tps: left out 1 curve, 1 specimen without points and 1 specimen without IMAGE.',
    ]);
  });

  it('whose pictures stand before their points is read with each beside its own', () => {
    const pictures = formats.tps.read!(
      'ID=0\nIMAGE=a.jpg\nLM=1\n1 2\nID=1\nIMAGE=b.jpg\nLM=1\n3 4\n',
      'x.tps',
    );
    expect(pictures.map(({ path, faces }) => [path, ...faces[0].points])).toEqual([
      ['a.jpg', 1, 2],
      ['b.jpg', 3, 4],
    ]);
  });

  it('of quoted pictures, with decimal commas in some numbers only', () => {
    const [{ path, faces }] = formats.tps.read!('LM=2\n10 20,5\n30,25 40\nIMAGE="set/a b.jpg"\n', 'x.tps');
    expect(path).toBe('set/a b.jpg');
    expect([...faces[0].points]).toEqual([10, 20.5, 30.25, 40]);
  });

  it.each([
    ['LM=2\n1 2\nIMAGE=a.jpg', 'x.tps: line 1: announces 2 points, has 1'],
    ['LM3=1\n1 2 3', 'x.tps: line 1: holds points in space (LM3)'],
    ['LM=1\n1 b', 'x.tps: line 2: wanted two numbers, found "1 b"'],
    ['1 2\n', 'x.tps: line 1: wanted LM=, found "1 2"'],
  ])('is refused by line: %j', (bad, message) => {
    expect(() => formats.tps.read!(bad, 'x.tps')).toThrow(message);
  });
});

describe('LJSON', () => {
  const points = [
    [20, 10],
    [null, null],
  ];
  it.each([
    [
      '1',
      {
        version: 1,
        groups: [
          { label: 'a', landmarks: [{ point: [20, 10] }] },
          { label: 'b', landmarks: [{ point: [null, null] }] },
        ],
      },
    ],
    [
      '2',
      { version: 2, labels: [{ label: 'all', mask: [0, 1] }], landmarks: { points, connectivity: [[0, 1]] } },
    ],
    ['3', { version: 3, groups: { LJSON: { labels: [], landmarks: { points } } } }],
  ])('of version %s is read, y first', (_, content) => {
    const [{ path, faces }] = formats.ljson.read!(JSON.stringify(content), 'set/a.ljson');
    expect(path).toBe('set/a');
    expect([...faces[0].points]).toEqual([10.5, 20.5, NaN, NaN]);
  });

  it('of another version, or of points in space, is refused', () => {
    expect(() => formats.ljson.read!('{"version": 4}', 'a.ljson')).toThrow(
      'a.ljson: version must be 1, 2 or 3, found 4',
    );
    const solid = { version: 2, labels: [], landmarks: { points: [[1, 2, 3]] } };
    expect(() => formats.ljson.read!(JSON.stringify(solid), 'a.ljson')).toThrow(
      'a.ljson: landmarks.points[0]',
    );
  });
});

describe('.tem', () => {
  it('is read without its lines', () => {
    const [{ path, faces }] = formats.tem.read!(
      '2\r\n10.5\t20.5\r\nNaN\tNaN\r\n1\r\n0\r\n2\r\n0 1 \r\n',
      'a.tem',
    );
    expect(path).toBe('a');
    expect([...faces[0].points]).toEqual([10.5, 20.5, NaN, NaN]);
  });

  it('has missing points where −1 −1 stands', () => {
    const [{ faces }] = formats.tem.read!('2\n-1\t-1\n3\t-1\n0\n', 'a.tem');
    expect([...faces[0].points]).toEqual([NaN, NaN, 3, -1]);
  });

  it('is read with decimal commas', () => {
    const [{ faces }] = formats.tem.read!('3\n10,5\t20,5\nNA\tNA\n30\t40,25\n0\n', 'a.tem');
    expect([...faces[0].points]).toEqual([10.5, 20.5, NaN, NaN, 30, 40.25]);
  });

  it.each([
    ['points', 'a.tem: does not begin with the number of points'],
    ['3\n1\t2\n', 'a.tem: announces 3 points, has 1'],
    ['1\n1\tb\n', 'a.tem: line 2: wanted two numbers'],
  ])('is refused: %j', (bad, message) => {
    expect(() => formats.tem.read!(bad, 'a.tem')).toThrow(message);
  });
});

describe('OpenFace’s CSV', () => {
  const heading =
    'frame, face_id, timestamp, confidence, success, eye_lmk_x_0, x_0, x_1, y_0, y_1, X_0, X_1, Y_0, Y_1, AU01_r';
  it('is read by its own columns, not those in space; rows without a face are counted', () => {
    const skipped: string[] = [];
    const text = `${heading}\n1, 0, 0.0, 0.98, 1, 7, 10, 30, 20, 40, 1, 2, 3, 4, 0\n1, 1, 0.0, 0.2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0\n`;
    const [{ path, isStem, faces }] = formats.openFace.read!(text, 'a.csv', (message) =>
      skipped.push(message),
    );
    expect({ path, isStem }).toEqual({ path: 'a', isStem: true });
    expect(faces).toHaveLength(1);
    expect(faces[0].score).toBe(0.98);
    expect([...faces[0].points]).toEqual([10.5, 20.5, 30.5, 40.5]);
    expect(skipped).toEqual(['a.csv: left out 1 row without a face.']);
  });

  it('is refused where a spreadsheet may have put thousands apart', () => {
    const table = `${heading}\n1, 0, 0.0, 0.98, 1, 7, 1.294, 30, 20, 40, 1, 2, 3, 4, 0\n`;
    expect(() => formats.openFace.read!(table.replaceAll(',', ';'), 'a.csv')).toThrow(
      'a.csv, row 2, column G: "1.294" may be thousands or a fraction',
    );
  });

  it('of a video is refused as what it is', () => {
    const row = (frame: number) => `${frame}, 0, 0.0, 0.98, 1, 7, 10, 30, 20, 40, 1, 2, 3, 4, 0`;
    expect(() => formats.openFace.read!([heading, row(1), row(2)].join('\n'), 'a.csv')).toThrow(
      'a.csv: is OpenFace’s table of a video (2 frames); Mien reads those of pictures',
    );
  });
});

describe.each(['ljson', 'tem', 'openFace', 'tps'] as const)('%s of Mien', (id) => {
  it('returns the points of every face', () => {
    fc.assert(
      fc.property(exportPictures, (pictures) => {
        const faces = pictures.flatMap((picture) => picture.faces.map((face) => ({ face, picture })));
        const back = trip(id, pictures).flatMap((picture) =>
          picture.faces.map((face) => ({ face, from: picture })),
        );
        expect(back).toHaveLength(faces.length);
        for (const [i, { face, from }] of back.entries()) {
          const { height } = faces[i].picture;
          face.points.forEach((value, at) => {
            const own = from.isFromBottom && at % 2 === 1 ? height - value : value;
            expect(Math.abs(own - faces[i].face.points[at])).toBeLessThanOrEqual(2 * ROUND_TRIP_PX);
          });
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(['json', 'csvWide', 'csvLong', 'coco', 'ljson', 'tem', 'openFace', 'tps', 'pts'] as const)(
  '%s',
  (id) => {
    it('keeps a missing point missing, at the end too', () => {
      const points = Float32Array.of(NaN, NaN, 10.5, 20.5, NaN, NaN);
      const spread = Float32Array.of(NaN, 1, NaN);
      const face = { points, spread, score: 0.5, model: 'net', scheme: triangle, corrected: true };
      const picture = {
        name: 'a.jpg',
        folder: 'b',
        width: 41,
        height: 41,
        faces: [face],
        open: async () => new Blob(),
      };
      const [back] = trip(id, [picture]);
      expect(stemOf(back.path)).toBe('b/a');
      expect(place(back.faces[0].points)).toEqual(place(points));
    });
  },
);
