import { describe, expect, it } from 'vitest';
import { applyToPoint, cropOfBox, invert } from '../geometry';
import { disturbCrop, disturbPixels } from './disturb';

const INPUT = { width: 60, height: 40 };
const CROP = cropOfBox({ x: 10, y: 20, width: 100, height: 80 }, { cropMargin: 1.4, input: INPUT });
/** Float64 through two affines, px. */
const ROUNDING_PX = 1e-9;
const MIDDLE = { x: 60, y: 60 };

/** How far the crop's own point right of its middle goes in the picture when it is disturbed, as the network would tell it. */
function rightOf(disturbance: Parameters<typeof disturbCrop>[2]) {
  const there = invert(disturbCrop(CROP, INPUT, disturbance));
  const { x, y } = applyToPoint(there, { x: 0.75, y: 0.5 });
  return { x: x - MIDDLE.x, y: y - MIDDLE.y };
}

describe('the crop of a face', () => {
  it('that is turned clockwise turns the other way, about its middle, also where it is not square', () => {
    const upright = rightOf({ kind: 'none' });
    const turned = rightOf({ kind: 'turn', degrees: 90 });
    expect(Math.abs(turned.x)).toBeLessThan(ROUNDING_PX);
    expect(Math.abs(turned.y + upright.x)).toBeLessThan(ROUNDING_PX);
  });

  it('that is scaled shows less of the picture', () => {
    expect(rightOf({ kind: 'scale', factor: 2 }).x).toBeCloseTo(rightOf({ kind: 'none' }).x / 2, 9);
  });

  it('stays as it is where only its pixels are disturbed', () => {
    expect(disturbCrop(CROP, INPUT, { kind: 'dark', factor: 0.5 })).toBe(CROP);
  });
});

describe('the pixels of a crop', () => {
  const flat = new Float32Array(INPUT.width * INPUT.height).fill(100);
  const step = flat.map((_, i) => (i % INPUT.width < 30 ? 0 : 200));

  it('are covered by a square of their mean, cut off at the border', () => {
    const covered = disturbPixels(step, INPUT, { kind: 'patch', x: 0, y: 0, side: 0.2 });
    const changed = [...covered].flatMap((value, i) => (value === step[i] ? [] : [i]));
    expect(changed).toHaveLength(36);
    expect(new Set(changed.map((i) => covered[i]))).toEqual(new Set([100]));
  });

  it('are blurred without becoming brighter or darker', () => {
    const blurred = disturbPixels(step, INPUT, { kind: 'blur', sigmaPx: 2 });
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(blurred)).toBeCloseTo(mean(step), 2);
    expect([...disturbPixels(flat, INPUT, { kind: 'blur', sigmaPx: 3 })].map(Math.round)).toEqual([...flat]);
    // The step is half way between its two sides, and farther away nothing happened.
    expect((blurred[29] + blurred[30]) / 2).toBeCloseTo(100, 3);
    expect([blurred[10], blurred[50]].map(Math.round)).toEqual([0, 200]);
  });

  it('get noise of the deviation that was asked for, the same each time', () => {
    const noise = { kind: 'noise', sigma: 0.1, seed: 7 } as const;
    const noisy = disturbPixels(flat, INPUT, noise);
    const deviation = Math.sqrt(noisy.reduce((sum, value) => sum + (value - 100) ** 2, 0) / noisy.length);
    expect(deviation).toBeGreaterThan(25.5 * 0.95);
    expect(deviation).toBeLessThan(25.5 * 1.05);
    expect(disturbPixels(flat, INPUT, noise)).toEqual(noisy);
    expect(disturbPixels(flat, INPUT, { ...noise, seed: 8 })).not.toEqual(noisy);
  });

  it('get darker', () => {
    expect(disturbPixels(flat, INPUT, { kind: 'dark', factor: 0.25 })[5]).toBe(25);
  });
});
