import { describe, expect, test } from 'vitest';
import type { Scheme } from '../../engine/types';
import { canDraw, outwardOf, partsOf } from './parts';

describe('parts of a face', () => {
  test('are connected through several edges, in any order', () => {
    const parts = partsOf({
      pointCount: 5,
      edges: [
        [3, 4],
        [0, 1],
        [4, 0],
      ],
    });
    expect([...parts[1]].sort()).toEqual([0, 1, 3, 4]);
    expect(parts[1]).toBe(parts[3]);
    expect(parts[2]).toEqual([2]);
  });

  test('contours need an edge and a mesh three points; points can always be drawn', () => {
    const drawn = (pointCount: number, edges: [number, number][]) =>
      (['points', 'contours', 'mesh'] as const).filter((kind) =>
        canDraw(kind, { pointCount, edges } as unknown as Scheme),
      );
    expect(drawn(1, [])).toEqual(['points']);
    expect(drawn(2, [[0, 1]])).toEqual(['points', 'contours']);
    expect(drawn(3, [])).toEqual(['points', 'mesh']);
  });

  test('outward is away from the middle of the part, of length 1', () => {
    const square = new Float32Array([0, 0, 10, 0, 10, 10, 0, 10, 50, 50]);
    const part = [0, 1, 2, 3];
    const outward = outwardOf(square, [part, part, part, part, [4]]);
    const half = Math.SQRT1_2;
    const expected = [-half, -half, half, -half, half, half, -half, half, 1, 0];
    expect([...outward].map((value) => value.toFixed(6))).toEqual(expected.map((value) => value.toFixed(6)));
  });
});
