import { describe, expect, it } from 'vitest';
import { frame, niceTop, plotCurve } from '../drawing/curve';
import { amountsOf, OCCLUSION, patches, ranges } from './disturbances';
import { distancesPct, faceSizePx, ofPoint, toCells } from './errors';

describe('errors', () => {
  const points = Float32Array.of(0, 0, 30, 40, 10, 0);

  it('count in the distance between the eyes, or in the box of the points', () => {
    expect(faceSizePx(points, { normalisingPair: [0, 1] })).toBe(50);
    expect(faceSizePx(points, { normalisingPair: null })).toBe(40);
  });

  it('are of one point or the mean of all', () => {
    const distances = distancesPct(points, Float32Array.of(0, 5, 30, 40, 10, 10), 50);
    expect([...distances]).toEqual([10, 0, 20]);
    expect([ofPoint(distances, 2), ofPoint(distances, null)]).toEqual([20, 10]);
  });

  it('as a map fill the scale, also where nothing moved', () => {
    expect(toCells([0, 1, 4])).toEqual({ cells: Uint8Array.of(0, 64, 255), highest: 4 });
    expect(toCells([0, 0])).toEqual({ cells: Uint8Array.of(0, 0), highest: 0 });
  });
});

it('patches cover the crop from border to border', () => {
  const all = patches().map((patch) => (patch.kind === 'patch' ? patch : null)!);
  expect(all).toHaveLength(OCCLUSION.cells ** 2);
  const lowest = Math.min(...all.map(({ x, side }) => x - side / 2));
  const highest = Math.max(...all.map(({ y, side }) => y + side / 2));
  expect([lowest <= 0, highest >= 1]).toEqual([true, true]);
});

it.each(Object.keys(ranges) as (keyof typeof ranges)[])(
  'a curve of %s passes the undisturbed face',
  (kind) => {
    const amounts = amountsOf(kind, 13);
    expect(amounts).toContain(ranges[kind].rest);
    expect(amounts).toEqual([...amounts].sort((one, other) => one - other));
  },
);

describe('a curve', () => {
  it('spans its frame, and its mark lies where its value does', () => {
    const plot = plotCurve({
      points: [
        [-60, 10],
        [0, 0],
        [60, 5],
      ],
      mark: 30,
    });
    const { left, right, top, bottom } = frame;
    const middle = (left + right) / 2;
    expect(plot.dots).toEqual([
      [left, top],
      [middle, bottom],
      [right, (top + bottom) / 2],
    ]);
    expect(plot.line).toBe(`M${left} ${top}L${middle} ${bottom}L${right} ${(top + bottom) / 2}`);
    expect(plot.markX).toBe((middle + right) / 2);
    expect(plot.yTicks.map(({ label }) => label)).toEqual(['0', '2.5', '5', '7.5', '10']);
  });

  it('ends at a round number above its highest point', () => {
    expect([0, 0.7, 3, 12, 100].map(niceTop)).toEqual([1, 1, 5, 20, 100]);
  });
});
