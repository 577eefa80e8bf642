import { describe, expect, test } from 'vitest';
import { makeFace, makeGaze, makeSignals } from '../../../tests/fixtures/signals';
import { gazeRaysOf } from './gaze';

/** Px of the image. */
const PX = 1;

type Looking = Parameters<typeof makeGaze>[0];
type Doing = Parameters<typeof makeSignals>[0];

const raysOf = (looking: Looking, doing: Doing = {}) =>
  gazeRaysOf(makeFace(makeSignals({ ...doing, gaze: makeGaze(looking) })));
const along = (looking: Looking, doing: Doing = {}) => {
  const [{ x, y, toX, toY }] = raysOf(looking, doing);
  return { x: toX - x, y: toY - y };
};

describe('the rays of a gaze', () => {
  test('begin at the middle of each iris, and go to where the eyes look', () => {
    expect(raysOf({}).map(({ x, y }) => [x, y])).toEqual([
      [340, 225],
      [300, 225],
    ]);
    expect(along({ yawDeg: 30 }).x).toBeGreaterThan(20);
    expect(along({ yawDeg: -30 }).x).toBeLessThan(-20);
    expect(along({ pitchDeg: 30 }).y).toBeLessThan(-20);
    expect(along({ pitchDeg: -30 }).y).toBeGreaterThan(20);
  });

  test('of eyes that look into the camera are seen from their end, wherever in the picture they are', () => {
    for (const place of [[0, 0, -60] as const, [30, 10, -60] as const]) {
      const { x, y } = along({}, { place });
      expect(Math.hypot(x, y)).toBeLessThan(PX);
    }
  });

  test('are relative to the line of sight, not to the head', () => {
    expect(along({ yawDeg: 20 }, { yawDeg: 40 })).toEqual(along({ yawDeg: 20 }));
  });

  test('grow with the face', () => {
    const face = makeFace(makeSignals({ gaze: makeGaze({ yawDeg: 30 }) }));
    const [near] = gazeRaysOf({ ...face, box: { ...face.box, height: 200 } });
    expect(near.toX - near.x).toBeCloseTo(2 * along({ yawDeg: 30 }).x, 3);
  });

  test('are those of the eyes that were found', () => {
    expect(raysOf({ left: null }).map(({ x }) => x)).toEqual([300]);
    expect(gazeRaysOf(makeFace(makeSignals()))).toEqual([]);
    expect(gazeRaysOf(makeFace(undefined))).toEqual([]);
  });
});
