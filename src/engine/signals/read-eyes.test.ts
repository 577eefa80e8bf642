import { expect, it } from 'vitest';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { createRandom } from '../../../tests/fixtures/random';
import { createFaceSignals, signalsOfStill } from './face-signals';
import { loadExpression } from './expression';
import { withReadEyes } from './read-eyes';

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
const points = seenFace({}, [0, 0, -60], CAMERA);
const lids = { right: points.slice(2 * 36, 2 * 42), left: points.slice(2 * 42, 2 * 48) };
const BOTH = { left: true, right: true };

/** All on the line through the corners. */
const shut = (eye: Float32Array) => eye.map((value, i) => (i % 2 ? (eye[1] + eye[7]) / 2 : value));
const read = (eye: Float32Array, lidSpread = 0.03) => ({ lids: eye, lidSpread, iris: null });

it('an eye that the eye network read shut is shut, whatever the points say; the other stays open', async () => {
  await loadExpression();
  const before = signalsOfStill(points, null, CAMERA)!;
  const eyes = { left: read(shut(lids.left)), right: read(lids.right) };
  const { eyes: openings, expression } = signalsOfStill(points, null, CAMERA, eyes)!;
  expect(before.eyes.left).toBeGreaterThan(0.7);
  expect(openings.left).toBeLessThan(0.1);
  expect(openings.right).toBeCloseTo(before.eyes.right, 5);
  expect(expression.eyeBlinkLeft).toBeGreaterThan(before.expression.eyeBlinkLeft + 0.4);
});

/** Lids that stand as far apart as this share of the open eye's. */
const narrowed = (eye: Float32Array, share: number) =>
  eye.map((value, i) => (i % 2 ? (eye[1] + eye[7]) / 2 + share * (value - (eye[1] + eye[7]) / 2) : value));

/** A face over time, at 25 frames a second, its eyes narrowed in the points, and in what the eye network reads where it is asked. */
function startFace() {
  const face = createFaceSignals();
  let timeMs = 0;
  return {
    calibrate: () => face.calibrate(),
    see(inPoints: number, isRead: boolean, frames = 1) {
      const shown = points.slice();
      shown.set(narrowed(lids.right, inPoints), 2 * 36);
      shown.set(narrowed(lids.left, inPoints), 2 * 42);
      const all = { points: shown, rawPoints: shown, spread: null, camera: CAMERA, smoothing: 0 };
      const [right, left] = [lids.right, lids.left].map((eye) => read(narrowed(eye, inPoints)));
      const eyes = isRead ? { readEyes: { left, right } } : {};
      let told = face.measure({ ...all, ...eyes, timeMs: (timeMs += 40) })!;
      for (let i = 1; i < frames; i++) told = face.measure({ ...all, ...eyes, timeMs: (timeMs += 40) })!;
      return told;
    },
  };
}

it('what a face was calibrated to holds once its eyes are read, and when they are read again', () => {
  const NARROW = 0.6;
  const face = startFace();
  const before = face.see(NARROW, false).expression.eyeBlinkLeft;
  face.calibrate();
  const calibrated = face.see(NARROW, false, 30).expression.eyeBlinkLeft;
  expect(before).toBeGreaterThan(calibrated + 0.1);
  expect(face.see(NARROW, true).expression.eyeBlinkLeft).toBeCloseTo(calibrated, 2);
  face.see(NARROW, false);
  expect(face.see(NARROW, true).expression.eyeBlinkLeft).toBeCloseTo(calibrated, 2);
});

it('shut eyes that the points have half open do not teach what a shut eye is that was read', () => {
  const face = startFace();
  for (let blink = 0; blink < 5; blink++) {
    face.see(1, false, 20);
    face.see(0.5, false, 4);
  }
  expect(face.see(1, false, 20).eyes.left).toBeGreaterThan(0.8);
  expect(face.see(0.6, false).eyes.left).toBeLessThan(0.35);
  face.see(1, true, 5);
  expect(face.see(0.6, true).eyes.left).toBeGreaterThan(0.4);
});

it('lids keep their places among each other, and lie where the points of the frame are shown', () => {
  const shown = points.map((value, i) => value + (i % 2 ? -3 : 7));
  const moved = withReadEyes(shown, points, { left: read(shut(lids.left)), right: null }, BOTH);
  expect([...moved.subarray(2 * 42, 2 * 48)]).toEqual(
    [...shut(lids.left)].map((value, i) => Math.fround(value + (i % 2 ? -3 : 7))),
  );
  expect(moved.subarray(0, 2 * 42)).toEqual(shown.subarray(0, 2 * 42));
  expect(moved.subarray(2 * 48)).toEqual(shown.subarray(2 * 48));
});

it.each([
  [0.03, 1],
  [0.0475, 0.5],
  [0.07, 0],
])(
  'the less the network knows of the lids, the more the points tell: spread %d, share %d',
  (lidSpread, share) => {
    const eyes = { left: null, right: read(shut(lids.right), lidSpread) };
    const moved = withReadEyes(points, points, eyes, BOTH);
    const upper = 2 * 37 + 1;
    expect(moved[upper]).toBeCloseTo(points[upper] + share * (shut(lids.right)[3] - points[upper]), 4);
  },
);

it('an eye that the head hides, or nobody read, is left to the points', () => {
  const eyes = { left: read(shut(lids.left)), right: null };
  expect(withReadEyes(points, points, eyes, { left: false, right: true })).toEqual(points);
  expect(withReadEyes(points, points, undefined, BOTH)).toEqual(points);
});

it('eyes that stay shut do not blink, however their lids tremble; once open, they blink again', () => {
  const random = createRandom(4);
  const face = startFace();
  const blinksWhile = (frames: number, share: () => number) =>
    Array.from({ length: frames }, () => face.see(share(), true).blinks).flat();
  face.see(1, true, 50);
  // A shut eye that the eye network finds 0.07 open, up to 0.3 at times.
  expect(blinksWhile(250, () => 0.02 + 0.2 * random() ** 2)).toEqual([]);
  face.see(1, true, 25);
  expect([...blinksWhile(4, () => 0.05), ...blinksWhile(4, () => 1)]).toHaveLength(2);
});
