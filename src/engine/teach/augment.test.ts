import { expect, it } from 'vitest';
import { marksInMirror } from './augment';

it('in the mirror points of a pair swap, and one without a partner is left out', () => {
  const marked = Float32Array.of(0.25, 0.5, 0.75, 0.5, 0.375, 0.625);
  expect([...marksInMirror(marked, [1, 0, 2])]).toEqual([0.75, 0.5, 0.25, 0.5, NaN, NaN]);
});
