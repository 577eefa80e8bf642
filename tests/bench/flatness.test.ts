import { expect, it } from 'vitest';
import { complaints } from './flatness';
import type { SoakSample } from './page/soak';

const MiB = 1024 ** 2;
const looks = (heap: (look: number) => number, tensors = (_look: number) => 40): SoakSample[] =>
  Array.from({ length: 12 }, (_, i) => ({ frame: 100 * (i + 1), tensors: tensors(i), heapBytes: heap(i) }));

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

it('wants more than two looks', () => {
  expect(() => complaints(looks(() => MiB).slice(0, 2))).toThrow('2 looks');
});
