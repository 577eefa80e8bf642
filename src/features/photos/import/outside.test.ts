import { expect, test } from 'vitest';
import { isOutside, truthWithin } from './outside';

const picture = { folder: 'b', name: 'a.jpg', width: 40, height: 30 };

test('a face is outside where no point of it lies in the picture', () => {
  expect(isOutside(Float32Array.of(400, 100, 410, 110), picture)).toBe(true);
  expect(isOutside(Float32Array.of(NaN, NaN, 20, 31), picture)).toBe(true);
  expect(isOutside(Float32Array.of(-9, 100, 39, 29), picture)).toBe(false);
  expect(isOutside(Float32Array.of(NaN, NaN, 0, 0), picture)).toBe(false);
});

/** What stays, and what is said with which path. */
function within(truth: Parameters<typeof truthWithin>[1]) {
  const told: string[][] = [];
  return { truth: truthWithin(picture, truth, (...words) => told.push(words)), told };
}

test('ground truth of another size is left out, which is said', () => {
  const [near, far] = [Float32Array.of(1, 2), Float32Array.of(100, 200)];
  expect(within([near])).toEqual({ truth: [near], told: [] });
  expect(within([far, near])).toEqual({
    truth: [near],
    told: [
      [
        'b/a.jpg: 1 face of its ground truth lies wholly outside of the picture of 40 × 30 px, and is left out. ' +
          'Was it marked on a copy of another size?',
        'b/a.jpg',
      ],
    ],
  });
  expect(within([far, far]).told[0][0]).toContain('2 faces of its ground truth lie wholly outside');
});
