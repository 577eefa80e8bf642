import { describe, expect, test } from 'vitest';
import type { Scheme } from '../../../engine/types';
import { counterpartOf, differencesOf, isComparable, summariseDifferences } from './compare';

const scheme: Scheme = {
  id: 'three',
  pointCount: 3,
  names: ['left', 'right', 'chin'],
  groups: {},
  edges: [],
  mirror: [1, 0, 2],
  normalisingPair: [0, 1],
  eyes: [[0], [1]],
  meanFace: null,
};
const one = { points: new Float32Array([0, 0, 50, 0, 25, 50]) };
const other = { points: new Float32Array([0, 0, 53, 4, 25, 51]) };

describe('two models', () => {
  test('the face that covers most of the same place is the same', () => {
    const face = { box: { x: 0, y: 0, width: 100, height: 100 } };
    const near = { box: { x: 20, y: 0, width: 100, height: 100 } };
    const nearer = { box: { x: 5, y: 0, width: 100, height: 100 } };
    const far = { box: { x: 80, y: 80, width: 100, height: 100 } };
    expect(counterpartOf(face, [near, nearer, far])).toBe(nearer);
    expect(counterpartOf(face, [far])).toBeNull();
    expect(counterpartOf(face, [])).toBeNull();
  });

  test('differences are told per point, on average and in eye distances', () => {
    const px = differencesOf(one, other);
    expect([...px]).toEqual([0, 5, 1]);
    expect(summariseDifferences(one, scheme, px)).toEqual({
      meanPx: 2,
      meanPct: 4,
      most: { index: 1, px: 5 },
    });
    expect(summariseDifferences(one, { ...scheme, normalisingPair: null }, px).meanPct).toBeNull();
  });

  test('only points of the same meaning are compared', () => {
    expect(isComparable(scheme, { ...scheme, id: 'else' })).toBe(true);
    expect(isComparable(scheme, { ...scheme, names: ['left', 'right', 'nose'] })).toBe(false);
    expect(isComparable(scheme, { ...scheme, pointCount: 2, names: ['left', 'right'] })).toBe(false);
  });
});
