import { beforeEach, describe, expect, it } from 'vitest';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { createFaceGaze, type FaceGaze, type GazeInput } from './face-gaze';
import { fitFace } from './fit';
import { EYE_CORNERS, type Iris, type ReadEye, type Side } from './gaze';
import { lookWeights } from './look-weights';
import { CALIBRATION_MS } from './calibration';

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
const FRAME_MS = 40;
const points = seenFace({}, [0, 0, -60], CAMERA);
const fit = fitFace(points, null, CAMERA, null)!;
const OPEN = { left: 1, right: 1 };

/** An eye whose iris lies by so many px beside the middle of its corners. */
function eye(side: Side, dx = 0, dy = 0, spread = 1): ReadEye & { readonly iris: Iris } {
  const [one, other] = EYE_CORNERS[side].map((i) => ({ x: points[2 * i], y: points[2 * i + 1] }));
  const iris = { x: (one.x + other.x) / 2 + dx, y: (one.y + other.y) / 2 + dy, spread };
  const first = side === 'right' ? 36 : 42;
  return { iris, lids: points.slice(2 * first, 2 * first + 12), lidSpread: 0.03 };
}
const eyes = (dx = 0, dy = 0) => ({ left: eye('left', dx, dy), right: eye('right', dx, dy) });

let face: FaceGaze;
let timeMs: number;
beforeEach(() => {
  face = createFaceGaze();
  timeMs = 0;
});

function measure(input: Partial<GazeInput>) {
  timeMs += FRAME_MS;
  const all = { eyes: eyes(), openings: OPEN, fit, points, camera: CAMERA, timeMs, smoothMs: 0, ...input };
  return face.measure(all);
}

describe('which eyes count', () => {
  it('both where both are seen, and their mean is between them', () => {
    const { gaze } = measure({ eyes: { left: eye('left', 4), right: eye('right', 8) } })!;
    const [low, high] = [gaze.left!.yawDeg, gaze.right!.yawDeg].sort((a, b) => a - b);
    expect(gaze.yawDeg).toBeGreaterThan(low);
    expect(gaze.yawDeg).toBeLessThan(high);
    expect(gaze.left).toMatchObject(eye('left', 4).iris);
  });

  it.each([
    ['the network read nothing in', { eyes: { left: null, right: eye('right', 5) } }],
    [
      'the network saw no iris in',
      { eyes: { left: { ...eye('left'), iris: null }, right: eye('right', 5) } },
    ],
    ['is hidden', { openings: { left: null, right: 1 } }],
    ['is shut', { openings: { left: 0.1, right: 1 } }],
  ])('not one that %s: the other tells it alone', (_, input) => {
    const { gaze, weights } = measure(input)!;
    expect(gaze.left).toBeNull();
    expect(gaze.yawDeg).toBe(gaze.right!.yawDeg);
    expect(gaze.pitchDeg).toBe(gaze.right!.pitchDeg);
    // The eye that is not seen looks where the other does.
    expect(weights.eyeLookOutLeft).toBeCloseTo(weights.eyeLookInRight, 6);
  });

  it('none where both are shut, hidden, or not asked for', () => {
    expect(measure({ eyes: { left: null, right: null } })).toBeNull();
    expect(measure({ openings: { left: 0, right: null } })).toBeNull();
    expect(measure({ eyes: undefined })).toBeNull();
  });
});

describe('calibrated', () => {
  /** Irises of this person lie by so many px beside those of the mean face. */
  const own = [3, -4] as const;
  const wait = (ms: number, input: Partial<GazeInput>) => {
    for (const untilMs = timeMs + ms; timeMs < untilMs;) measure(input);
  };

  it('a person who looks into the camera has 0, with both eyes and with each', () => {
    const before = measure({ eyes: eyes(...own) })!.gaze;
    expect(Math.hypot(before.yawDeg, before.pitchDeg)).toBeGreaterThan(5);
    face.calibrate();
    wait(CALIBRATION_MS, { eyes: eyes(...own) });
    const { gaze } = measure({ eyes: eyes(...own) })!;
    for (const look of [gaze, gaze.left!, gaze.right!]) {
      expect(Math.abs(look.yawDeg)).toBeLessThan(0.1);
      expect(Math.abs(look.pitchDeg)).toBeLessThan(0.1);
    }
  });

  it('it is that second that counts, and what comes after it changes nothing', () => {
    face.calibrate();
    wait(CALIBRATION_MS + FRAME_MS, { eyes: eyes(...own) });
    wait(3000, { eyes: eyes(10, 0) });
    expect(Math.abs(measure({ eyes: eyes(...own) })!.gaze.yawDeg)).toBeLessThan(0.1);
    expect(measure({ eyes: eyes(10, 0) })!.gaze.yawDeg).toBeGreaterThan(5);
  });

  it('an eye that was shut all the while keeps what it had, and does not learn later', () => {
    const plain = measure({ eyes: eyes(...own) })!.gaze.left!.yawDeg;
    face.calibrate();
    wait(CALIBRATION_MS + FRAME_MS, { eyes: { left: null, right: eye('right', ...own) } });
    const { gaze } = measure({ eyes: eyes(...own) })!;
    expect(gaze.left!.yawDeg).toBeCloseTo(plain, 6);
    expect(Math.abs(gaze.right!.yawDeg)).toBeLessThan(0.1);
  });

  it('a second while gaze was not asked for is over when it is', () => {
    const plain = measure({ eyes: eyes(...own) })!.gaze.yawDeg;
    face.calibrate();
    wait(CALIBRATION_MS + FRAME_MS, { eyes: undefined });
    expect(measure({ eyes: eyes(...own) })!.gaze.yawDeg).toBeCloseTo(plain, 6);
  });
});

describe('smoothed', () => {
  it('angles and irises follow a jump by 63 % in the time constant', () => {
    const smoothMs = 2 * FRAME_MS;
    const from = measure({ smoothMs })!.gaze;
    const unsmoothed = createFaceGaze().measure({ ...{ eyes: eyes(8), openings: OPEN, fit, points }, camera: CAMERA, timeMs: 0, smoothMs: 0 })!.gaze; // prettier-ignore
    measure({ eyes: eyes(8), smoothMs });
    const { gaze } = measure({ eyes: eyes(8), smoothMs })!;
    const share = (read: (told: typeof gaze) => number) =>
      (read(gaze) - read(from)) / (read(unsmoothed) - read(from));
    expect(share((told) => told.yawDeg)).toBeCloseTo(1 - 1 / Math.E, 2);
    expect(share((told) => told.left!.x)).toBeCloseTo(1 - 1 / Math.E, 2);
  });

  it('irises go with the eyes that are shown, however these move', () => {
    measure({ smoothMs: 1000 });
    const moved = points.map((value) => value + 50);
    const { gaze } = measure({ points: moved, smoothMs: 1000 })!;
    expect(gaze.left!.x).toBeCloseTo(eye('left').iris.x + 50, 2);
    expect(gaze.left!.y).toBeCloseTo(eye('left').iris.y + 50, 2);
  });
});

describe('weights of ARKit', () => {
  const straight = { yawDeg: 0, pitchDeg: 0 };

  it('are 0 straight ahead, and 1 at most', () => {
    const ahead = lookWeights({ left: straight, right: straight });
    expect(Object.keys(ahead)).toHaveLength(8);
    expect(new Set(Object.values(ahead))).toEqual(new Set([0]));
    const far = { yawDeg: 60, pitchDeg: -60 };
    expect(Math.max(...Object.values(lookWeights({ left: far, right: far })))).toBe(1);
  });

  it('the person’s left is the right of the picture: out for the left eye, in for the right', () => {
    const aside = { yawDeg: 15, pitchDeg: 12.5 };
    expect(lookWeights({ left: aside, right: aside })).toMatchObject({
      ...{ eyeLookOutLeft: 0.5, eyeLookInRight: 0.5, eyeLookInLeft: 0, eyeLookOutRight: 0 },
      ...{ eyeLookUpLeft: 0.5, eyeLookUpRight: 0.5, eyeLookDownLeft: 0, eyeLookDownRight: 0 },
    });
  });

  it('eyes that meet are both turned in', () => {
    const met = lookWeights({ left: { yawDeg: -15, pitchDeg: 0 }, right: { yawDeg: 15, pitchDeg: 0 } });
    expect([met.eyeLookInLeft, met.eyeLookInRight]).toEqual([0.5, 0.5]);
  });
});
