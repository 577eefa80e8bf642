import { describe, expect, test } from 'vitest';
import { applyToPoint } from '../../engine/geometry';
import { sampleAffine, sampleHeight, sampleWidth } from './sample-motion';

const face = { x: 224, y: 118 };
/** Half the face's height in the still, with hair and chin. */
const faceRadiusPx = 85;

describe('the motion of the sample', () => {
  test('starts upright and centred, and stays so without motion', () => {
    const middle = { x: sampleWidth / 2, y: sampleHeight / 2 };
    expect(applyToPoint(sampleAffine(0, true), face)).toEqual(middle);
    expect(sampleAffine(12_345, false)).toEqual(sampleAffine(0, true));
  });

  test('keeps the whole face in the frame, always', () => {
    for (let timeMs = 0; timeMs < 120_000; timeMs += 100) {
      const affine = sampleAffine(timeMs, true);
      const radius = faceRadiusPx * Math.hypot(affine.a, affine.b);
      const { x, y } = applyToPoint(affine, face);
      expect(
        Math.min(x - radius, sampleWidth - x - radius, y - radius, sampleHeight - y - radius),
      ).toBeGreaterThan(-16);
    }
  });

  test('is slow: no frame moves the face by more than 4 px', () => {
    for (let timeMs = 0; timeMs < 60_000; timeMs += 33) {
      const before = applyToPoint(sampleAffine(timeMs, true), face);
      const after = applyToPoint(sampleAffine(timeMs + 33, true), face);
      expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(4);
    }
  });
});
