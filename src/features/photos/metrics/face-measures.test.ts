import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apply, cropAffine } from '../../../engine/geometry';
import { parseManifest } from '../../../engine/model/manifest';
import type { Points, Scheme } from '../../../engine/types';
import { measuresOf } from './face-measures';

const path = 'static/models/lite/model.json';
const { scheme } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);

describe('measures', () => {
  /** Two eyes 40 px wide and 12 px high, corners first, 100 px from outer corner to outer corner; a mouth 50 by 10. */
  const small: Scheme = {
    ...scheme,
    id: 'small',
    pointCount: 12,
    names: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', ...[1, 2, 3, 4].map((i) => `inner lip ${i}`)],
    normalisingPair: [0, 5],
    eyes: [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ],
  };
  const eye = (x: number) => [x, 0, x + 40, 0, x + 20, -8, x + 20, 4];
  const points: Points<'image'> = Float32Array.of(...eye(0), ...eye(60), 25, 60, 75, 60, 50, 56, 50, 66);

  it('are lengths and shares of lengths, however the face leans', () => {
    for (const rollDeg of [0, 40, -140]) {
      const leaning = apply(cropAffine({ x: 9, y: 4 }, 0.5, 0.5, (-rollDeg * Math.PI) / 180), points);
      const found = measuresOf(leaning as Points<never> as Points<'image'>, small);
      expect(found.interOcularPx).toBeCloseTo(200, 3);
      expect(found.rollDeg).toBeCloseTo(rollDeg, 3);
      expect(found.eyeRatios![0]).toBeCloseTo(12 / 40, 5);
      expect(found.eyeRatios![1]).toBeCloseTo(12 / 40, 5);
      expect(found.mouthRatio).toBeCloseTo(10 / 50, 5);
    }
  });

  it('of a scheme without eyes and lips are not told', () => {
    const tip: Scheme = { ...small, pointCount: 1, names: ['nose tip'], normalisingPair: null, eyes: null };
    expect(measuresOf(Float32Array.of(3, 4), tip)).toEqual({
      interOcularPx: null,
      rollDeg: null,
      eyeRatios: null,
      mouthRatio: null,
    });
  });
});
