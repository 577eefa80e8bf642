import { beforeAll, describe, expect, it } from 'vitest';
import { blinkTrack } from '../../../tests/fixtures/signals/read';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import type { Blink, Signals } from '../types';
import { loadExpression } from './expression';
import { createFaceSignals, signalsOfStill } from './face-signals';
import { hasSignals } from './told';

beforeAll(loadExpression);

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
/** Between the frame in which a blink was made to start or end and the one in which it is found. */
const FRAME_MS = 1000 / 30;
const FRAMES = 2;

function measureAll(track: ReturnType<typeof blinkTrack>, smoothing: number): Signals[] {
  const signals = createFaceSignals();
  return track.frames.map(({ points, timeMs }) => {
    return signals.measure({
      points,
      rawPoints: points,
      spread: null,
      camera: track.camera,
      timeMs,
      smoothing,
    })!;
  });
}

describe('a track with known blinks, with noise and a turning head', () => {
  const track = blinkTrack();

  it.each([0, 0.5, 1])('has each of them found, each eye alone, and no others: smoothing %s', (smoothing) => {
    const found = measureAll(track, smoothing).flatMap(({ blinks }) => blinks);
    const byTime = (one: { eye: string; startMs: number }, other: { eye: string; startMs: number }) =>
      one.startMs - other.startMs || one.eye.localeCompare(other.eye);
    const expected = track.blinks.toSorted(byTime);
    expect(expected.length).toBeGreaterThan(10);
    // A wink among them: an eye that shuts alone.
    expect(expected.filter(({ eye }) => eye === 'left').length).not.toBe(expected.length / 2);
    const nearest = (blink: Blink) =>
      expected.findIndex(
        ({ eye, startMs }) => eye === blink.eye && Math.abs(startMs - blink.startMs) <= FRAMES * FRAME_MS + 1,
      );
    expect(found.map(nearest).toSorted((a, b) => a - b)).toEqual(expected.map((_, i) => i));
    for (const blink of found) {
      expect(Math.abs(blink.durationMs - expected[nearest(blink)].durationMs)).toBeLessThan(
        2 * FRAMES * FRAME_MS + 1,
      );
      expect(blink.depth).toBeGreaterThan(0.6);
      expect(blink.depth).toBeLessThanOrEqual(1);
    }
  });

  it('has eyes that are open most of the time, and shut in a blink', () => {
    const found = measureAll(track, 0);
    const openings = found.map(({ eyes }) => eyes.left).toSorted((a, b) => a - b);
    expect(openings[openings.length >> 1]).toBeGreaterThan(0.75);
    expect(openings[openings.length >> 1]).toBeLessThan(1.1);
    expect(openings[0]).toBeLessThan(0.25);
  });
});

describe('the face in a still', () => {
  const at = (angles: object) => signalsOfStill(seenFace(angles, [0, 0, -60], CAMERA), null, CAMERA)!;

  it('has all signals, at rest', () => {
    const { pose, eyes, mouth, expression, blinks } = at({});
    expect(pose.yawDeg).toBeCloseTo(0, 1);
    expect(eyes.left).toBeCloseTo(1, 0);
    expect(eyes.right).toBeCloseTo(eyes.left, 5);
    expect(mouth.width).toBeCloseTo(1, 1);
    expect(mouth.opening).toBeLessThan(0.1);
    expect(mouth.asymmetry).toBeCloseTo(0, 3);
    expect(blinks).toEqual([]);
    for (const weight of Object.values(expression)) {
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThan(0.2);
    }
  });

  it('has the same eyes and mouth whichever way it is turned', () => {
    const straight = at({});
    for (const angles of [
      { yawDeg: 40 },
      { yawDeg: -40 },
      { pitchDeg: 20 },
      { pitchDeg: -20 },
      { rollDeg: 40 },
    ]) {
      const { eyes, mouth } = at(angles);
      expect(eyes.left).toBeCloseTo(straight.eyes.left, 1);
      expect(eyes.right).toBeCloseTo(straight.eyes.right, 1);
      expect(mouth.opening).toBeCloseTo(straight.mouth.opening, 1);
      expect(mouth.width).toBeCloseTo(straight.mouth.width, 1);
    }
  });

  it('has none where the points show no face', () => {
    expect(signalsOfStill(new Float32Array(136), null, CAMERA)).toBeUndefined();
  });
});

describe('a still in which points are missing', () => {
  const whole = seenFace({ yawDeg: 20, pitchDeg: -8, rollDeg: 12 }, [4, 2, -60], CAMERA);
  const without = (...missing: number[]) =>
    whole.map((value, i) => (missing.includes(i >> 1) ? Number.NaN : value));
  const all = Array.from({ length: 68 }, (_, i) => i);
  const told = (...missing: number[]) => signalsOfStill(without(...missing), null, CAMERA);

  it('has a pose out of the others, and what they tell of eyes and mouth', () => {
    const { pose, eyes, mouth, expression } = told(0, 36)!;
    expect(pose.yawDeg).toBeCloseTo(20, 0);
    expect(pose.pitchDeg).toBeCloseTo(-8, 0);
    expect(pose.rollDeg).toBeCloseTo(12, 0);
    const { eyes: wholeEyes, mouth: wholeMouth } = told()!;
    expect(eyes.right).toBeNaN();
    expect(eyes.left).toBeCloseTo(wholeEyes.left, 1);
    expect(mouth.opening).toBeCloseTo(wholeMouth.opening, 1);
    expect(mouth.width).toBeCloseTo(wholeMouth.width, 1);
    // Every weight is told from all points.
    for (const weight of Object.values(expression)) expect(weight).toBeNaN();
  });

  it('lacks of the mouth what takes the point', () => {
    const { mouth, eyes } = told(62)!;
    expect(mouth.opening).toBeNaN();
    expect([mouth.width, mouth.asymmetry, eyes.left, eyes.right].every(Number.isFinite)).toBe(true);
  });

  it('is told by its spread as well, which missing points have none of, and others may have none of', () => {
    const spread = Float32Array.from(all, (i) => (i < 20 ? Number.NaN : 3));
    const { pose } = signalsOfStill(without(...all.slice(0, 17)), spread, CAMERA)!;
    expect(pose.yawDeg).toBeCloseTo(20, 0);
  });

  it('has none out of fewer than eight points', () => {
    const brows = [17, 18, 19, 20, 21, 22, 23];
    expect(told(...all.filter((i) => !brows.includes(i)))).toBeUndefined();
    expect(told(...all)).toBeUndefined();
  });
});

describe('a hidden eye', () => {
  it('of a profile has the opening of the other, and never blinks', () => {
    const signals = createFaceSignals();
    const blinks: Blink[] = [];
    for (let i = 0; i < 30; i++) {
      const points = seenFace({ yawDeg: 70 }, [0, 0, -60], CAMERA);
      // The lids of the eye that cannot be seen meet and part.
      if (i % 10 > 6) for (const [upper, lower] of [[43, 47], [44, 46]]) points[2 * lower + 1] = points[2 * upper + 1]; // prettier-ignore
      const input = {
        points,
        rawPoints: points,
        spread: null,
        camera: CAMERA,
        timeMs: i * FRAME_MS,
        smoothing: 0,
      };
      const told = signals.measure(input)!;
      blinks.push(...told.blinks);
      expect(told.eyes.left).toBe(told.eyes.right);
    }
    expect(blinks).toEqual([]);
  });
});

it('signals are told of the 68 points alone', () => {
  expect(hasSignals({ id: 'ibug68', pointCount: 68 })).toBe(true);
  expect(hasSignals({ id: 'imm73', pointCount: 73 })).toBe(false);
});
