import { expect, it } from 'vitest';
import { STALLED_MS } from '../e2e/stalls';
import { complaints, judgesSpeed, type Sample } from './flatness';

const MiB = 1024 ** 2;
const flat: Sample = {
  frames: 100,
  withFace: 90,
  p95Ms: 20,
  stallMs: 1,
  tensors: 40,
  gpuBytes: null,
  heapBytes: 20 * MiB,
  nodes: 1000,
};

/** Flat samples, changed by what `differ` returns for each index. */
const samples = (differ: (sample: number) => Partial<Sample>, count = 12): Sample[] =>
  Array.from({ length: count }, (_, i) => ({ ...flat, ...differ(i) }));
const complaintsOf = (differ: (sample: number) => Partial<Sample>) => complaints(samples(differ));

it('accepts fluctuations around a constant level', () => {
  expect(complaintsOf((i) => ({ heapBytes: (20 + (i % 2)) * MiB, nodes: 1000 + 30 * (i % 2) }))).toEqual([]);
});

it('reports one tensor too many', () => {
  expect(complaintsOf((i) => ({ tensors: i < 8 ? 40 : 41 }))).toEqual([
    'tensors: 40, 41 in different samples',
  ]);
});

it('reports bytes that stay on the GPU', () => {
  expect(complaintsOf(() => ({ gpuBytes: 4096 }))).toEqual([]);
  expect(complaintsOf((i) => ({ gpuBytes: i < 11 ? 4096 : 4112 }))).toEqual([
    'GPU bytes: 4096, 4112 in different samples',
  ]);
});

it('reports a heap and a document that grow slowly', () => {
  expect(complaintsOf((i) => ({ heapBytes: (20 + i / 2) * MiB }))).toEqual(['heap: grew by 4.00 MiB']);
  expect(complaintsOf((i) => ({ nodes: 1000 + 3 * i }))).toEqual(['DOM: grew by 24 nodes']);
});

it('reports frames that stay slower, but not those that are slow for a while', () => {
  expect(complaintsOf((i) => ({ p95Ms: i % 2 ? 60 : 20 }))).toEqual([]);
  expect(complaintsOf((i) => ({ p95Ms: 20 + i / 6 }))).toEqual([]);
  expect(complaintsOf((i) => ({ p95Ms: 20 + i / 4 }))).toEqual(['speed: p95 went from 20.0 to 22.5 ms']);
});

it('does not judge the speed of a machine that stalls, and says so', () => {
  const slower = (stalls: (sample: number) => boolean) =>
    samples((i) => ({ p95Ms: 20 + i, stallMs: stalls(i) ? STALLED_MS + 1 : 1 }));
  expect(judgesSpeed(slower(() => false))).toBe(true);
  expect(complaints(slower((i) => i > 0))).toEqual([]);
  expect(judgesSpeed(slower((i) => i > 0))).toBe(false);
  // A calm sample in each tenth is enough.
  expect(judgesSpeed(slower((i) => i % 11 > 0))).toBe(true);
  expect(complaints(slower((i) => i % 11 > 0))).toEqual(['speed: p95 went from 20.0 to 31.0 ms']);
});

it('requires faces, and more than two samples', () => {
  expect(complaintsOf(() => ({ withFace: 49 }))).toEqual(['faces: in 588 of 1200 frames']);
  expect(() => complaints(samples(() => ({}), 2))).toThrow('2 samples');
});
