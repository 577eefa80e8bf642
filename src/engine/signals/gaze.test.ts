import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../tests/fixtures/random';
import { gazingPeople } from '../../../tests/fixtures/signals/read';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { focalPx } from './camera';
import { MEAN_FACE } from './face';
import { fitFace } from './fit';
import { EYE_CORNERS, meanLook, viewOfEye, type EyeView, type Look, type SeenEye, type Side } from './gaze';
import { product, rotate, rotationOf, sightRotation, type Angles, type Vector } from './rotation';

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
const SIDES = ['left', 'right'] as const;
/** Of the mean face, whose eyes are where the engine takes them to be. */
const EXACT_DEG = 0.6;
/** Medians on random people: of both eyes together, by their own straight ahead and by the mean face's. */
const CALIBRATED_DEG = 2;
const UNCALIBRATED_DEG = 3;
/** The same, and of each eye alone, with irises off by 0.03 eye widths, as eye networks are. */
const BOTH_OFF_DEG = 3.2;
const EACH_OFF_DEG = 4.5;
const OFF_WIDTHS = 0.03;
/** Mean distance over the deviation of each coordinate. */
const RAYLEIGH = Math.sqrt(Math.PI / 2);

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

describe('the gaze of random people with a tracker’s noise in their 68 points', () => {
  const { people, camera } = gazingPeople();

  /** Errors of each axis, of single eyes and of both together. */
  function errorsOf(offWidths: number, isCalibrated: boolean) {
    const random = createRandom(7);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const each: number[] = [];
    const both: number[] = [];
    const view = (frame: (typeof people)[number]['ahead'], side: Side): EyeView => {
      const { iris, corners } = frame[side];
      const [one, other] = corners;
      const px = (offWidths * Math.hypot(one.x - other.x, one.y - other.y)) / RAYLEIGH;
      const moved = { x: iris.x + px * normal(), y: iris.y + px * normal() };
      const fit = fitFace(frame.points, null, camera, null)!;
      return viewOfEye(side, { iris: { ...moved, spread: 1 }, corners }, camera, fit);
    };
    for (const { ahead, aside } of people) {
      const errors = SIDES.map((side) => {
        const straight = view(ahead, side);
        const { inHead, toSight } = view(aside, side);
        const off = (axis: keyof Look) =>
          isCalibrated ? straight.inHead[axis] - straight.cameraInHead[axis] : 0;
        const look = { yawDeg: inHead.yawDeg - off('yawDeg'), pitchDeg: inHead.pitchDeg - off('pitchDeg') };
        const told = toSight(look);
        return [told.yawDeg - aside[side].yawDeg, told.pitchDeg - aside[side].pitchDeg];
      });
      each.push(...errors.flat().map(Math.abs));
      both.push(...[0, 1].map((axis) => Math.abs(errors[0][axis] + errors[1][axis]) / 2));
    }
    return { each: median(each), both: median(both) };
  }

  it('is right with exact irises, better once each person’s straight ahead is known', () => {
    expect(people.length).toBeGreaterThan(100);
    const [calibrated, uncalibrated] = [errorsOf(0, true), errorsOf(0, false)];
    expect(calibrated.both).toBeLessThan(CALIBRATED_DEG);
    expect(uncalibrated.both).toBeLessThan(UNCALIBRATED_DEG);
    expect(calibrated.both).toBeLessThan(uncalibrated.both);
  });

  it('is off by as much as irises are, and less in the mean of both eyes', () => {
    const { each, both } = errorsOf(OFF_WIDTHS, false);
    expect(each).toBeLessThan(EACH_OFF_DEG);
    expect(both).toBeLessThan(BOTH_OFF_DEG);
    expect(both).toBeLessThan(each);
  });
});

/** An eye of the mean face that looks by those angles in the head, as the camera sees it. */
function seenEye(
  side: Side,
  look: Look,
  angles: Partial<Angles>,
  at: Vector,
): { eye: SeenEye; view: EyeView } {
  const points = seenFace(angles, at, CAMERA);
  const { across, up, forward, radius, outwardDeg, upwardDeg } = MEAN_FACE.eyes;
  const yawDeg = look.yawDeg + (side === 'left' ? outwardDeg : -outwardDeg);
  const gaze = rotationOf({ yawDeg, pitchDeg: look.pitchDeg + upwardDeg, rollDeg: 0 });
  const [x, y, z] = rotate(gaze, 0, 0, radius);
  const inHead: Vector = [(side === 'left' ? across : -across) + x, up + y, forward + z];
  const rotation = product(sightRotation(at), rotationOf({ yawDeg: 0, pitchDeg: 0, rollDeg: 0, ...angles }));
  const place = rotate(rotation, ...inHead).map((value, i) => value + at[i]);
  const focal = focalPx(CAMERA);
  const iris = {
    x: CAMERA.width / 2 + (focal * place[0]) / -place[2],
    y: CAMERA.height / 2 - (focal * place[1]) / -place[2],
    spread: 1,
  };
  const [one, other] = EYE_CORNERS[side].map((i) => ({ x: points[2 * i], y: points[2 * i + 1] }));
  const eye = { iris, corners: [one, other] as const };
  return { eye, view: viewOfEye(side, eye, CAMERA, fitFace(points, null, CAMERA, null)!) };
}

describe('an eye of the mean face', () => {
  it.each([
    [{ yawDeg: 0, pitchDeg: 0 }, {}, [0, 0, -60]],
    [{ yawDeg: 20, pitchDeg: 0 }, {}, [0, 0, -60]],
    [{ yawDeg: 0, pitchDeg: 15 }, {}, [0, 0, -60]],
    [{ yawDeg: -15, pitchDeg: -10 }, { yawDeg: 25, pitchDeg: 10 }, [0, 0, -60]],
    [{ yawDeg: 10, pitchDeg: 5 }, { yawDeg: -20, rollDeg: 30 }, [25, 12, -60]],
  ] as const)('looks by %j in a head turned by %j at %j', (look, angles, at) => {
    for (const side of SIDES) {
      const { inHead } = seenEye(side, look, angles, at).view;
      expect(Math.abs(inHead.yawDeg - look.yawDeg)).toBeLessThan(EXACT_DEG);
      expect(Math.abs(inHead.pitchDeg - look.pitchDeg)).toBeLessThan(EXACT_DEG);
    }
  });

  it('that looks into the camera has 0 relative to the line of sight, wherever it is and however the head is turned', () => {
    for (const [angles, at] of [
      [{}, [0, 0, -60]],
      [{ yawDeg: 20, pitchDeg: -10, rollDeg: 25 }, [-22, 10, -60]],
    ] as [Partial<Angles>, Vector][])
      for (const side of SIDES) {
        const { cameraInHead } = seenEye(side, { yawDeg: 0, pitchDeg: 0 }, angles, at).view;
        const { inHead, toSight } = seenEye(side, cameraInHead, angles, at).view;
        const { yawDeg, pitchDeg } = toSight(inHead);
        expect(Math.abs(yawDeg)).toBeLessThan(EXACT_DEG);
        expect(Math.abs(pitchDeg)).toBeLessThan(EXACT_DEG);
      }
  });

  it('looks to the right of the picture and up where its iris is moved there', () => {
    const { eye } = seenEye('left', { yawDeg: 0, pitchDeg: 0 }, {}, [0, 0, -60]);
    const fit = fitFace(seenFace({}, [0, 0, -60], CAMERA), null, CAMERA, null)!;
    const moved = { ...eye, iris: { ...eye.iris, x: eye.iris.x + 5, y: eye.iris.y - 5 } };
    const { toSight, inHead } = viewOfEye('left', moved, CAMERA, fit);
    expect(toSight(inHead).yawDeg).toBeGreaterThan(5);
    expect(toSight(inHead).pitchDeg).toBeGreaterThan(5);
  });

  it('turns smoothly to its most where the iris is off the eye, and never jumps or is no number', () => {
    const { eye } = seenEye('left', { yawDeg: 0, pitchDeg: 0 }, {}, [0, 0, -60]);
    const fit = fitFace(seenFace({}, [0, 0, -60], CAMERA), null, CAMERA, null)!;
    const yawAt = (px: number) => {
      const iris = { ...eye.iris, x: eye.iris.x + px };
      return viewOfEye('left', { ...eye, iris }, CAMERA, fit).inHead.yawDeg;
    };
    let last = yawAt(0);
    for (let px = 0.25; px < 200; px += 0.25) {
      const yawDeg = yawAt(px);
      expect(yawDeg).toBeGreaterThanOrEqual(last - 0.05);
      expect(yawDeg - last).toBeLessThan(1.5);
      last = yawDeg;
    }
    expect(last).toBeGreaterThan(45);
    expect(last).toBeLessThan(60);
  });
});

it('of both eyes the more certain one counts for more', () => {
  const mean = meanLook([
    { yawDeg: 0, pitchDeg: 10, spread: 1 },
    { yawDeg: 10, pitchDeg: 0, spread: 2 },
  ]);
  expect(mean.yawDeg).toBeCloseTo(2, 6);
  expect(mean.pitchDeg).toBeCloseTo(8, 6);
});
