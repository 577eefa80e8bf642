import { describe, expect, it } from 'vitest';
import { cropOfBox } from '../geometry';
import { unpack } from './prediction';
import type { Manifest } from '../types';

/** Float32 through one affine, px. */
const FLOAT32_PX = 1e-3;
/** A crop of 150 × 200 px with its corner at (25, 0). */
const BOX = { x: 50, y: 50, width: 100, height: 100 };

const manifestOf = (change: object) =>
  ({
    cropMargin: 2,
    input: { width: 60, height: 80 },
    scheme: { pointCount: 2, eyes: [[0], [1]] },
    output: { values: 'points-spread-presence', packed: 'head' },
    ...change,
  }) as unknown as Manifest;

function unpackSecond(packed: number[], manifest: Manifest) {
  const faces = Float32Array.of(...packed.map(() => -1), ...packed);
  return unpack(faces, 1, cropOfBox(BOX, manifest), manifest);
}

function expectPx(found: ArrayLike<number>, wanted: number[]): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(FLOAT32_PX));
}

describe('the packed vector of one face among several', () => {
  it('with spread and presence: points by width and height of the crop, spread by their geometric mean', () => {
    const { points, spread, box, presence } = unpackSecond(
      [0, 0, Math.log(0.1), 1, 0.5, Math.log(0.2), Math.log(3)],
      manifestOf({}),
    );
    expectPx(points, [25, 0, 175, 100]);
    expectPx(spread!, [0.1 * Math.sqrt(150 * 200), 0.2 * Math.sqrt(150 * 200)]);
    expect(box).toEqual({ x: 25, y: 0, width: 150, height: 100 });
    expect(presence).toBeCloseTo(0.75, 6);
  });

  it('with visibility: a share for each point, beside the same spread and presence', () => {
    const output = { values: 'points-spread-visible-presence', packed: 'head' };
    const found = unpackSecond(
      [0, 0, Math.log(0.1), Math.log(3), 1, 0.5, Math.log(0.2), -Math.log(3), 0],
      manifestOf({ output }),
    );
    expectPx(found.points, [25, 0, 175, 100]);
    expectPx(found.spread!, [0.1 * Math.sqrt(150 * 200), 0.2 * Math.sqrt(150 * 200)]);
    expectPx(found.visible!, [0.75, 0.25]);
    expect(found.presence).toBeCloseTo(0.5, 6);
  });

  it('with points alone: neither spread nor presence is made up', () => {
    const found = unpackSecond([0, 0, 1, 0.5], manifestOf({ output: { values: 'points', packed: 'head' } }));
    expectPx(found.points, [25, 0, 175, 100]);
    expect(found).toMatchObject({ spread: null, presence: null });
    expect(found).not.toHaveProperty('visible');
  });

  it('of points without eyes: the box is that of the face that the crop was made for', () => {
    const found = unpackSecond(
      [0.5, 0.5],
      manifestOf({ scheme: { pointCount: 1, eyes: null }, output: { values: 'points', packed: 'head' } }),
    );
    expectPx(found.points, [100, 100]);
    expectPx(Object.values(found.box), Object.values(BOX));
  });
});
