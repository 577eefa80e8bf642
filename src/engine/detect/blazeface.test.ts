import { expect, it } from 'vitest';
import { cropAffine } from '../geometry';
import { decode } from './blazeface';

const SIZE = { width: 16, height: 16 };
/** Two anchors in each of 2×2 cells and six in one, 17 numbers each. */
const ANCHORS = 14;

/** A box at the first anchor, 4 px from the corner: its logit, centre, size and twelve coordinates of key points. */
function output(width: number, eyeX = 0): Float32Array {
  const values = new Float32Array(ANCHORS * 17).fill(-9);
  values.set([5, 4, 4, width, 8, eyeX, ...new Array(11).fill(0)]);
  return values;
}

it('a box comes out in image px, one without size or with numbers that are not finite is left out', () => {
  const affine = cropAffine({ x: 80, y: 80 }, 160, 160);
  const [found] = decode(output(8), SIZE, affine, 0.5);
  expect(found.box.width).toBeCloseTo(80, 6);
  for (const broken of [output(0), output(-3), output(Number.NaN), output(8, Number.NaN)])
    expect(decode(broken, SIZE, affine, 0.5)).toEqual([]);
});
