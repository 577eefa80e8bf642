import { describe, expect, it } from 'vitest';
import { batchesOf } from './batches';

const sizes = (faces: number, warm: number | null) => batchesOf(faces, warm).map(({ size }) => size);

describe('batches', () => {
  it.each([
    [0, null, []],
    [1, null, [1]],
    [30, null, [8, 8, 8, 6]],
    [1, 1, [1]],
    [3, 1, [1, 1, 1]],
    [5, 1, [8]],
    [30, 1, [8, 8, 8, 8]],
    [10, 3, [8, 2]],
    [4, 4, [4]],
    [12, 8, [8, 4]],
  ] as const)('of %d faces with %s warmed up are %j', (faces, warm, expected) => {
    expect(sizes(faces, warm)).toEqual(expected);
  });

  it('hold every face once, in order', () => {
    for (const warm of [null, 1, 2, 5, 8])
      for (let faces = 0; faces <= 40; faces++) {
        const indices = batchesOf(faces, warm).flatMap(({ from, faces: count, size }) => {
          expect(size).toBeGreaterThanOrEqual(count);
          return Array.from({ length: count }, (_, i) => from + i);
        });
        expect(indices).toEqual(Array.from({ length: faces }, (_, i) => i));
      }
  });
});
