import { expect, it } from 'vitest';
import { complaints, slowdown } from './flatness';
import type { SoakSample } from './page/soak';

const MiB = 1024 ** 2;
const looks = (heap: (look: number) => number, tensors = (_look: number) => 40): SoakSample[] =>
  Array.from({ length: 12 }, (_, i) => ({
    frame: 100 * (i + 1),
    tensors: tensors(i),
    heapBytes: heap(i),
    p95Ms: 20,
  }));

it('has nothing to say of memory that wavers but stays', () => {
  expect(complaints(looks((i) => (20 + (i % 2)) * MiB))).toEqual([]);
});

it('sees one tensor too many', () => {
  expect(
    complaints(
      looks(
        () => 20 * MiB,
        (i) => (i < 8 ? 40 : 41),
      ),
    ),
  ).toEqual(['tensors: 40, 41 at different looks']);
});

it('sees a heap that creeps', () => {
  expect(complaints(looks((i) => (20 + i / 2) * MiB))).toEqual(['heap: grew by 4.00 MiB']);
});

it('sees frames that take longer for good, and none that do for a while', () => {
  const after = (p95Ms: (look: number) => number) =>
    slowdown(looks(() => MiB).map((look, i) => ({ ...look, p95Ms: p95Ms(i) })));
  expect(after((i) => (i % 2 ? 60 : 20))).toEqual([]);
  expect(after((i) => 20 + i / 6)).toEqual([]);
  expect(after((i) => 20 + i / 4)).toEqual(['speed: p95 went from 20.0 to 22.5 ms']);
});

it('wants more than two looks', () => {
  expect(() => complaints(looks(() => MiB).slice(0, 2))).toThrow('2 looks');
});
