import { expect, it } from 'vitest';
import { createRandom } from '../random';
import { addSample, applyRidge, createMoments, solveRidge, sumOf } from './moments';

/** Of weights without noise and almost no ridge. */
const TOLERANCE = 1e-3;

it('finds the weights of a line, also from sums of two sets', () => {
  const random = createRandom(1);
  const sets = [createMoments(3, 2), createMoments(3, 2)];
  for (let i = 0; i < 60; i++) {
    const x = Float32Array.from({ length: 3 }, random);
    addSample(sets[i % 2], x, [2 * x[0] - x[2] + 0.5, x[1]]);
  }
  const [first, second] = applyRidge(solveRidge(sumOf(sets), 1e-8), Float32Array.of(0.2, 0.4, 0.9));
  expect(Math.abs(first - 0)).toBeLessThan(TOLERANCE);
  expect(Math.abs(second - 0.4)).toBeLessThan(TOLERANCE);
});

it('gives the mean where the ridge is strong', () => {
  const moments = createMoments(1, 1);
  for (const x of [0, 1, 2]) addSample(moments, Float32Array.of(x), [10 * x]);
  expect(applyRidge(solveRidge(moments, 1e9), Float32Array.of(5))[0]).toBeCloseTo(10, 3);
});
