import { describe, expect, it } from 'vitest';
import type { Scheme } from '../../src/engine/types';
import { measureFace, quantile, summarise, type FaceError } from './metrics';
import { nearestFace } from './nearest';
import { parsePts } from './pts';

const scheme: Scheme = {
  id: 'three',
  pointCount: 3,
  names: ['left', 'right', 'chin'],
  groups: { eyes: [0, 1], jaw: [2] },
  edges: [],
  mirror: [1, 0, 2],
  normalisingPair: [0, 1],
  eyes: [[0], [1]],
  meanFace: null,
};
const truth = [0, 0, 100, 0, 50, 64];

describe('errors of a face', () => {
  it('are shares of the distance between the pair and of the box', () => {
    const error = measureFace([3, 4, 100, 0, 50, 74], truth, scheme);
    expect(error.nmeInterOcularPct).toBeCloseTo(5, 10); // (5 + 0 + 10) / 3 of 100 px
    expect(error.nmeBoxPct).toBeCloseTo((100 * 5) / 80, 10); // √(100 · 64) = 80 px
    expect(error.regions).toEqual({ eyes: 2.5, jaw: 10 });
  });

  it('are not taken from another number of points', () => {
    expect(() => measureFace([0, 0], truth, scheme)).toThrow('1 and 3 points, the scheme has 3');
  });
});

const faceError = (nmeInterOcularPct: number): FaceError => ({
  nmeInterOcularPct,
  nmeBoxPct: nmeInterOcularPct / 2,
  regions: { jaw: nmeInterOcularPct },
});

describe('summary', () => {
  it('counts a miss as a failure and keeps it out of the means', () => {
    const summary = summarise([faceError(2), faceError(4), faceError(9), null]);
    expect(summary).toEqual({
      images: 4,
      misses: 1,
      nmeInterOcularPct: 5,
      nmeBoxPct: 2.5,
      failureRate8Pct: 50,
      auc8Pct: (100 * (0.75 + 0.5)) / 4,
      regions: { jaw: 5 },
    });
  });

  it('says when nothing was found', () => {
    expect(() => summarise([null, null])).toThrow('no face found in any of 2 pictures');
  });
});

describe('quantile', () => {
  it('lies between order statistics', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([0, 10, 20], 0.95)).toBeCloseTo(19, 10);
  });
});

describe('.pts files', () => {
  const header = 'version: 1\nn_points: 3\n{\n';

  it('count pixel centres from 1', () => {
    expect([...parsePts(`${header}1 1\n11.5 2\n3 4e0\n}\n`, 'a.pts', 3)]).toEqual([
      0.5, 0.5, 11, 1.5, 2.5, 3.5,
    ]);
    expect([...parsePts('1 1\r\n2 2\r\n3 3', 'a.pts', 3)]).toEqual([0.5, 0.5, 1.5, 1.5, 2.5, 2.5]);
  });

  it('are named with the line when wrong', () => {
    expect(() => parsePts(`${header}1 1\n2 x\n3 3\n}`, 'a.pts', 3)).toThrow(
      'a.pts:5: wanted two numbers, found "2 x"',
    );
    expect(() => parsePts(`${header}1 1\n}`, 'a.pts', 3)).toThrow('a.pts: announces 3 points, has 1');
    expect(() => parsePts('1 1\n', 'a.pts', 68)).toThrow('a.pts: has 1 points, the model 68');
  });
});

describe('the annotated face', () => {
  const box = (x: number, size = 10) => ({ box: { x, y: 0, width: size, height: size } });

  it('is the nearest that overlaps', () => {
    expect(nearestFace([box(40), box(3), box(-7)], box(0).box)).toEqual(box(3));
    expect(nearestFace([box(40)], box(0).box)).toBeNull();
    expect(nearestFace([], box(0).box)).toBeNull();
  });
});
