import { expect, it } from 'vitest';
import { STALLED_MS } from '../e2e/stalls';
import { complaints, judgesSpeed, type Look } from './flatness';

const MiB = 1024 ** 2;
const flat: Look = {
  frames: 100,
  withFace: 90,
  p95Ms: 20,
  stallMs: 1,
  tensors: 40,
  gpuBytes: null,
  heapBytes: 20 * MiB,
  nodes: 1000,
};

/** Looks that are flat but for what `differ` gives the one of that index. */
const looks = (differ: (look: number) => Partial<Look>, count = 12): Look[] =>
  Array.from({ length: count }, (_, i) => ({ ...flat, ...differ(i) }));
const complaintsOf = (differ: (look: number) => Partial<Look>) => complaints(looks(differ));

it('has nothing to say of what wavers but stays', () => {
  expect(complaintsOf((i) => ({ heapBytes: (20 + (i % 2)) * MiB, nodes: 1000 + 30 * (i % 2) }))).toEqual([]);
});

it('sees one tensor too many', () => {
  expect(complaintsOf((i) => ({ tensors: i < 8 ? 40 : 41 }))).toEqual(['tensors: 40, 41 at different looks']);
});

it('sees bytes that stay on the GPU', () => {
  expect(complaintsOf(() => ({ gpuBytes: 4096 }))).toEqual([]);
  expect(complaintsOf((i) => ({ gpuBytes: i < 11 ? 4096 : 4112 }))).toEqual([
    'GPU bytes: 4096, 4112 at different looks',
  ]);
});

it('sees a heap and a document that creep', () => {
  expect(complaintsOf((i) => ({ heapBytes: (20 + i / 2) * MiB }))).toEqual(['heap: grew by 4.00 MiB']);
  expect(complaintsOf((i) => ({ nodes: 1000 + 3 * i }))).toEqual(['DOM: grew by 24 nodes']);
});

it('sees frames that take longer for good, and none that do for a while', () => {
  expect(complaintsOf((i) => ({ p95Ms: i % 2 ? 60 : 20 }))).toEqual([]);
  expect(complaintsOf((i) => ({ p95Ms: 20 + i / 6 }))).toEqual([]);
  expect(complaintsOf((i) => ({ p95Ms: 20 + i / 4 }))).toEqual(['speed: p95 went from 20.0 to 22.5 ms']);
});

it('does not judge the speed of a machine that stalls, and says so', () => {
  const slower = (stalls: (look: number) => boolean) =>
    looks((i) => ({ p95Ms: 20 + i, stallMs: stalls(i) ? STALLED_MS + 1 : 1 }));
  expect(judgesSpeed(slower(() => false))).toBe(true);
  expect(complaints(slower((i) => i > 0))).toEqual([]);
  expect(judgesSpeed(slower((i) => i > 0))).toBe(false);
  // A calm look in each tenth is enough.
  expect(judgesSpeed(slower((i) => i % 11 > 0))).toBe(true);
  expect(complaints(slower((i) => i % 11 > 0))).toEqual(['speed: p95 went from 20.0 to 31.0 ms']);
});

it('wants faces, and more than two looks', () => {
  expect(complaintsOf(() => ({ withFace: 49 }))).toEqual(['faces: in 588 of 1200 frames']);
  expect(() => complaints(looks(() => ({}), 2))).toThrow('2 looks');
});
