import { describe, expect, it } from 'vitest';
import { createEyeMeter, eyeRatios, seenEyes, type EyeMeter } from './eyes';
import { MEAN_FACE } from './face';
import { mouthOf } from './mouth';

const FRAME_S = 1 / 30;
/** Points of the mean face, some of them moved by x, y cm. */
function faceWith(moves: Readonly<Record<number, readonly [number, number]>>): Float64Array {
  const face = MEAN_FACE.mean.slice();
  for (const [point, [x, y]] of Object.entries(moves)) {
    face[3 * Number(point)] += x;
    face[3 * Number(point) + 1] += y;
  }
  return face;
}

describe('eyes', () => {
  it('are the person’s own: the left eye is on the right of the picture', () => {
    const face = faceWith({ 43: [0, -0.5], 44: [0, -0.5] });
    const { left, right } = eyeRatios(face);
    expect(face[3 * 43]).toBeGreaterThan(face[3 * 37]);
    expect(left).toBeLessThan(right - 0.1);
  });

  it('are open by 1 as wide as this face opens them, whatever it looks like', () => {
    for (const ratio of [0.2, 0.33, 0.45]) {
      const meter = createEyeMeter();
      for (let i = 0; i < 30 * 30; i++) meter.learn(i % 60 < 5 ? 0.04 : ratio, FRAME_S);
      expect(meter.openingOf(ratio)).toBeCloseTo(1, 1);
      expect(meter.openingOf(0.15 * ratio)).toBeCloseTo(0, 1);
    }
  });

  it('are never open by less than 0 or more than 1.5', () => {
    const meter = createEyeMeter();
    expect(meter.openingOf(0)).toBe(0);
    expect(meter.openingOf(2)).toBe(1.5);
  });

  it('are shut by 0 where blinks go no further, as networks see shut eyes half open', () => {
    const meter = createEyeMeter();
    const seenShut = 0.18;
    expect(meter.openingOf(seenShut)).toBeGreaterThan(0.4);
    for (let i = 0; i < 6; i++) meter.learnShut(seenShut);
    expect(meter.openingOf(seenShut)).toBeLessThan(0.05);
    meter.learnShut(0.03);
    expect(meter.openingOf(0.03)).toBeCloseTo(0, 5);
    expect(meter.openingOf(seenShut)).toBeGreaterThan(0.4);
  });

  it('that a profile hides are not seen', () => {
    expect(seenEyes(70)).toEqual({ left: false, right: true });
    expect(seenEyes(-70)).toEqual({ left: true, right: false });
    expect(seenEyes(20)).toEqual({ left: true, right: true });
  });
});

describe('a mouth', () => {
  const rest = MEAN_FACE.mean;

  it('opens by the gap of its inner lips', () => {
    const lower = { 65: [0, -2], 66: [0, -2], 67: [0, -2] } as const;
    const shut = mouthOf(rest, rest);
    const open = mouthOf(faceWith(lower), rest);
    const restWidth = rest[3 * 54] - rest[3 * 48];
    expect(open.opening - shut.opening).toBeCloseTo(2 / restWidth, 1);
    expect(open.width).toBeCloseTo(1, 5);
  });

  it('is wide by its corners, and uneven where the person’s left one is higher', () => {
    const wide = mouthOf(faceWith({ 48: [-0.5, 0], 54: [0.5, 0] }), rest);
    expect(wide.width).toBeGreaterThan(1.1);
    expect(wide.asymmetry).toBeCloseTo(0, 3);
    expect(mouthOf(faceWith({ 54: [0, 0.5] }), rest).asymmetry).toBeGreaterThan(0.05);
    expect(mouthOf(faceWith({ 48: [0, 0.5] }), rest).asymmetry).toBeLessThan(-0.05);
  });
});

it('a nap of a minute leaves the open eye as it was, and eyes that are narrow are learnt all the same', () => {
  const show = (meter: EyeMeter, ratio: number, seconds: number) => {
    for (let s = 0; s < seconds; s += FRAME_S) meter.learn(ratio, FRAME_S);
  };
  const sleeper = createEyeMeter();
  show(sleeper, 0.33, 20);
  show(sleeper, 0.03, 60);
  expect(sleeper.openingOf(0.03)).toBe(0);
  expect(sleeper.openingOf(0.33)).toBeCloseTo(1, 0);
  const narrow = createEyeMeter();
  show(narrow, 0.1, 60);
  expect(narrow.openingOf(0.1)).toBeGreaterThan(0.8);
});
