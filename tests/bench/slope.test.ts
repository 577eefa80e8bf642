import { expect, test } from 'vitest';
import { slopeOf } from './slope';

test('a slope is that of the line, and of noisy points that of the line through them', () => {
  const places = Array.from({ length: 20 }, (_, i) => i);
  expect(slopeOf(places.map((x) => [x, 3 - 2 * x]))).toBeCloseTo(-2);
  expect(slopeOf(places.map((x) => [x, 0.5 * x + (x % 2 ? 1 : -1)]))).toBeCloseTo(0.5, 1);
});

test('points at one place tell no slope', () => {
  expect(() => slopeOf([[1, 2]])).toThrow('tell none');
});
