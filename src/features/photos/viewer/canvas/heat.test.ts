import { describe, expect, test } from 'vitest';
import type { Activations } from '../../../../engine/types';
import { heatPixels } from './heat';

/** Two points on a map of 3 × 2: a sharp peak in the first cell, a flat one over the last two. */
const maps: Activations = {
  width: 3,
  height: 2,
  channels: 2,
  values: new Float32Array([1, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0.5]),
  crop: { a: 0.01, b: 0, c: 0, d: 0.01, e: 0, f: 0 },
};
const alphas = (pixels: Uint8ClampedArray) => [...pixels].filter((_, i) => i % 4 === 3);

describe('heat', () => {
  test('one point shows its own map alone', () => {
    const [first, ...rest] = alphas(heatPixels(maps, 0));
    expect(first).toBeGreaterThan(200);
    expect(rest).toEqual([0, 0, 0, 0, 0]);
  });

  test('all points together: a flat map is as visible as a sharp one', () => {
    const all = alphas(heatPixels(maps, null));
    expect(all[0]).toBe(all[4]);
    expect(all[5]).toBe(all[4]);
    expect(all.slice(1, 4)).toEqual([0, 0, 0]);
  });

  test('hotter is lighter', () => {
    const half = { ...maps, channels: 1, values: new Float32Array([1, 0.5, 0.1, 0, 0, 0]) };
    const pixels = heatPixels(half, 0);
    const lightness = [0, 1, 2].map((cell) => pixels[4 * cell] + pixels[4 * cell + 1] + pixels[4 * cell + 2]);
    expect(lightness[0]).toBeGreaterThan(lightness[1]);
    expect(lightness[1]).toBeGreaterThan(lightness[2]);
  });

  test('maps that are empty stay clear', () => {
    expect(alphas(heatPixels({ ...maps, values: new Float32Array(12) }, null))).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
