import { expect, it } from 'vitest';
import type { Scheme } from '../../../engine/types';
import { differencesOf, meanSpreadPct, sharedPoints } from './difference';

const scheme = (id: string, names: string[], groups: Scheme['groups'] = {}): Scheme => ({
  id,
  names,
  groups,
  pointCount: names.length,
  edges: [],
  mirror: [],
  normalisingPair: [0, 1],
  eyes: null,
  meanFace: null,
});
const face = scheme('face', ['left', 'right', 'nose'], { eyes: [0, 1], nose: [2], ear: [] });
const nose = scheme('nose', ['nose']);
const points = Float32Array.of(0, 0, 100, 0, 50, 50);

it('tells the distance by region and over all, in percent of the face', () => {
  const moved = Float32Array.of(0, 2, 100, 4, 50, 59);
  expect(differencesOf([points, face], [moved, face])).toEqual([
    { region: 'eyes', pointCount: 2, meanPct: 3 },
    { region: 'nose', pointCount: 1, meanPct: 9 },
    { region: 'all', pointCount: 3, meanPct: 5 },
  ]);
});

it('compares points of the same name where the models have other schemes', () => {
  expect(sharedPoints(face, nose)).toEqual([[2, 0]]);
  expect(differencesOf([points, face], [Float32Array.of(50, 51), nose])).toEqual([
    { region: 'nose', pointCount: 1, meanPct: 1 },
    { region: 'all', pointCount: 1, meanPct: 1 },
  ]);
  expect(differencesOf([points, face], [Float32Array.of(0, 0), scheme('ear', ['ear'])])).toEqual([]);
});

it('makes up no spread', () => {
  expect(meanSpreadPct(points, Float32Array.of(1, 2, 3), face)).toBe(2);
  expect(meanSpreadPct(points, null, face)).toBeNull();
});
