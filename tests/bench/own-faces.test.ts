import { expect, it } from 'vitest';
import { innerNmePct, ownFaces } from './own-faces';

/** 68 points in a box of 100 px, shifted. */
const faceAt = (x: number) =>
  Float32Array.from({ length: 136 }, (_, i) => (i % 2 ? (100 * (i >> 1)) / 67 : x + 100 * ((i >> 1) % 2)));

it('the error is of the inner points alone, over the box of the whole face', () => {
  const truth = faceAt(0);
  const moved = truth.map((value, i) => (i < 34 ? value + 50 : value));
  expect(innerNmePct(moved, truth, truth)).toBe(0);
  expect(innerNmePct(faceAt(5), truth, truth)).toBeCloseTo(5, 6);
  const half = truth.map((value, i) => (i < 80 ? NaN : value));
  expect(innerNmePct(faceAt(5), half, truth)).toBeCloseTo(5, 6);
});

it('each true face has a found one of its own, or none', () => {
  const truths = [faceAt(0), faceAt(110)];
  expect(ownFaces([faceAt(108), faceAt(3)], truths, truths)).toEqual([1, 0]);
  expect(ownFaces([faceAt(55)], truths, truths)).toEqual([-1, -1]);
  const close = [faceAt(0), faceAt(4)];
  expect(ownFaces([faceAt(2)], close, close).filter((at) => at < 0)).toHaveLength(1);
});
