import { describe, expect, it } from 'vitest';
import { toPictures } from './read';

// The XML itself is parsed by the browser: tests/e2e/photos-dialects.test.ts.
type Parts = Record<string, [number, number]>;
const imageOf = (...boxes: Parts[]) => ({
  attributes: { file: 'set\\face.jpg' },
  boxes: boxes.map((parts) => ({
    attributes: { top: '1', left: '1', width: '9', height: '9' },
    parts: Object.entries(parts).map(([name, [x, y]]) => ({ name, x: String(x), y: String(y) })),
  })),
});

function read(...boxes: Parts[]) {
  const skipped: string[] = [];
  const [{ faces }] = toPictures([imageOf(...boxes)], 'x.xml', (message) => skipped.push(message));
  return { faces: faces.map(({ points }) => [...points]), names: faces[0]?.names, skipped };
}

describe('parts of dlib’s XML', () => {
  it('are numbered from 0 or from 1, and missing where a box lacks one', () => {
    expect(read({ '0': [0, 0], '1': [1, 1], '2': [2, 2] }, { '2': [4, 4], '0': [3, 3] }).faces).toEqual([
      [0.5, 0.5, 1.5, 1.5, 2.5, 2.5],
      [3.5, 3.5, NaN, NaN, 4.5, 4.5],
    ]);
    expect(read({ '01': [0, 0], '02': [1, 1] }).faces).toEqual([[0.5, 0.5, 1.5, 1.5]]);
  });

  it('may have names, and are then in the order of dlib', () => {
    const { faces, names } = read({ nose: [2, 2], 'eye left': [1, 1] }, { 'eye left': [5, 5] });
    expect(names).toEqual(['eye left', 'nose']);
    expect(faces).toEqual([
      [1.5, 1.5, 2.5, 2.5],
      [5.5, 5.5, NaN, NaN],
    ]);
  });

  it('may be missing from the whole file', () => {
    expect(read({}).skipped).toEqual(['x.xml: left out 1 box without parts.']);
    expect(read()).toMatchObject({ faces: [], skipped: [] });
  });

  it('may be missing from a box, which is counted', () => {
    const { faces, skipped } = read({ '0': [0, 0] }, {}, {});
    expect(faces).toEqual([[0.5, 0.5]]);
    expect(skipped).toEqual(['x.xml: left out 2 boxes without parts.']);
  });

  it.each<[string, Parts, string]>([
    [
      'gaps without a 0',
      { '1': [0, 0], '3': [0, 0] },
      'x.xml: parts are numbered up to 3 with gaps and without 0',
    ],
    ['a number twice', { '1': [0, 0], '01': [0, 0] }, 'x.xml: two parts have the same number'],
  ])('with %s are refused', (_, parts, message) => {
    expect(() => read(parts)).toThrow(message);
  });
});
