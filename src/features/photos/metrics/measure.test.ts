import { describe, expect, it } from 'vitest';
import { threePoints as scheme } from '../../../../tests/fixtures/photos';
import { cumulativeErrors, measureFace, nearestFace, summarise, type FaceError } from './measure';

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

describe('the annotated face', () => {
  const box = (x: number, size = 10) => ({ box: { x, y: 0, width: size, height: size } });

  it('is the nearest that overlaps', () => {
    expect(nearestFace([box(40), box(3), box(-7)], box(0).box)).toEqual(box(3));
    expect(nearestFace([box(40)], box(0).box)).toBeNull();
    expect(nearestFace([], box(0).box)).toBeNull();
  });
});

describe('the cumulative error curve', () => {
  it('rises with the limit, and faces that were not found keep it from 1', () => {
    const errors = [faceError(2), faceError(4), faceError(9), null];
    expect(cumulativeErrors(errors, [0, 2, 5, 10])).toEqual([0, 0.25, 0.5, 0.75]);
  });
});
