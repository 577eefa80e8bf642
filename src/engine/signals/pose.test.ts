import { describe, expect, it } from 'vitest';
import { seenFace, seenRotated } from '../../../tests/fixtures/signals/mean-face';
import { renderedHeads } from '../../../tests/fixtures/signals/read';
import { createRandom } from '../../../tests/fixtures/random';
import type { Points } from '../types';
import { DEFAULT_FIELD_OF_VIEW_DEG as FIELD_OF_VIEW_DEG } from '../options';
import type { Camera } from './camera';
import { POINTS } from './face';
import { fitFace, type Fit } from './fit';
import { poseOf } from './pose';
import { anglesOf, rotationOf, type Angles, type Rotation, type Vector } from './rotation';

const CAMERA: Camera = { width: 1280, height: 720, fieldOfViewDeg: FIELD_OF_VIEW_DEG };
/** Median error on each axis, on heads to 60° of yaw with a tracker's noise of 1.5 % of the box. */
const MEDIAN_DEG = 2;
/** The same where half of the points are missing. */
const HALF_MEDIAN_DEG = 4;
const JUMP_DEG = 2.5;
const SIDE_DEG = 2;
/** Between the engine and `mien.signals.fit` on the same points. */
const AGREED_DEG = 0.02;
const AGREED_CM = 0.05;

const seen = (angles: Partial<Angles>, at: Vector) => seenFace(angles, at, CAMERA);
const seenBy = (rotation: Rotation, at: Vector) => seenRotated(rotation, at, CAMERA);
const fit = (points: Points<'image'>, last: Fit | null = null, camera = CAMERA): Fit =>
  fitFace(points, null, camera, last)!;
const away = (one: number, other: number) => Math.abs(((one - other + 540) % 360) - 180);
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
const range = (from: number, end: number) => Array.from({ length: end - from }, (_, i) => from + i);
const axes = ['yawDeg', 'pitchDeg', 'rollDeg'] as const;

describe('the pose of rendered heads', () => {
  const { heads, camera } = renderedHeads();

  it.each(axes)('is right in %s: median to 60° of yaw, with noise', (axis) => {
    expect(heads.length).toBeGreaterThan(200);
    expect(Math.max(...heads.map(({ angles }) => Math.abs(angles.yawDeg)))).toBeGreaterThan(55);
    const errors = heads.map(({ points, angles }) =>
      away(poseOf(fit(points, null, camera))[axis], angles[axis]),
    );
    expect(median(errors)).toBeLessThan(MEDIAN_DEG);
  });

  it.each(axes)('is right in %s where the camera has another field of view than is said', (axis) => {
    const errors = heads.map(({ points, angles }) =>
      away(poseOf(fit(points, null, { ...camera, fieldOfViewDeg: FIELD_OF_VIEW_DEG }))[axis], angles[axis]),
    );
    expect(camera.fieldOfViewDeg).toBeGreaterThan(FIELD_OF_VIEW_DEG);
    expect(median(errors)).toBeLessThan(MEDIAN_DEG);
  });

  it('is what training computes from the same points', () => {
    for (const { points, fitted, fittedCm } of heads) {
      const found = fit(points, null, camera);
      const pose = poseOf(found);
      for (const axis of axes) expect(away(pose[axis], fitted[axis])).toBeLessThan(AGREED_DEG);
      found.translation.forEach((value, i) => expect(Math.abs(value - fittedCm[i])).toBeLessThan(AGREED_CM));
    }
  });
});

describe('the pose of rendered heads of which half the points are missing', () => {
  /** As a set of profiles labels the side that is seen. */
  const LEFT_HALF = [...range(0, 9), 17, 19, 21, ...range(27, 34), ...range(36, 42), 48, 51, 57, 62, 66];
  const RIGHT_HALF = [...range(8, 17), 22, 24, 26, ...range(27, 31), ...range(33, 36), ...range(42, 48), 51, 54, 57, 62, 66]; // prettier-ignore
  const { heads, camera } = renderedHeads();

  it.each(axes)('is still near in %s', (axis) => {
    const errors = heads.map(({ points, angles }) => {
      // A head that looks to the right of the picture shows the half on its left.
      const half = angles.yawDeg > 0 ? LEFT_HALF : RIGHT_HALF;
      const partial = points.map((value, i) => (half.includes(i >> 1) ? value : Number.NaN));
      return away(poseOf(fit(partial, null, camera))[axis], angles[axis]);
    });
    expect(median(errors)).toBeLessThan(HALF_MEDIAN_DEG);
  });
});

describe('a head that turns', () => {
  const turns = Array.from({ length: 201 }, (_, i) => i - 100);
  const random = createRandom(3);
  const noisy = (points: Points<'image'>) => points.map((value) => value + 2 * (random() - 0.5));

  it.each([
    ['each frame alone', false, false],
    ['followed', true, false],
    ['followed, with noise of a px', true, true],
  ])('has no jump at 0 or ±90°: %s', (_, isFollowed, isNoisy) => {
    let last: Fit | null = null;
    const poses = turns.map((yawDeg) => {
      const points = seen({ yawDeg, pitchDeg: 12, rollDeg: -8 }, [3, 2, -60]);
      last = fit(isNoisy ? noisy(points) : points, isFollowed ? last : null);
      return poseOf(last);
    });
    for (let i = 1; i < poses.length; i++)
      for (const axis of axes) {
        const isEdge = Math.abs(turns[i]) > 75;
        expect(away(poses[i][axis], poses[i - 1][axis]), `${axis} at ${turns[i]}`).toBeLessThan(
          isEdge ? 2 * JUMP_DEG : JUMP_DEG,
        );
      }
    turns.forEach((yawDeg, i) => expect(away(poses[i].yawDeg, yawDeg)).toBeLessThan(JUMP_DEG));
  });
});

it('angles are those of the rotation wherever a face looks, up to 75° of yaw', () => {
  for (const yawDeg of [-70, 0, 40])
    for (const pitchDeg of [-88, -80, -30, 0, 78, 85])
      for (const rollDeg of [-179, -90, 0, 120]) {
        const angles = { yawDeg, pitchDeg, rollDeg };
        const told = anglesOf(rotationOf(angles));
        for (const axis of axes)
          expect(away(told[axis], angles[axis]), JSON.stringify(angles)).toBeLessThan(0.01);
      }
});

describe('a face at the edge of a wide picture', () => {
  it('has the yaw that the same still has in its middle', () => {
    for (const yawDeg of [-40, -15, 0, 25, 50]) {
      const still = seen({ yawDeg, pitchDeg: 5, rollDeg: 10 }, [0, 0, -70]);
      const yaws = [-500, -250, 0, 250, 500].map(
        (px) => poseOf(fit(still.map((value, i) => (i % 2 ? value : value + px)))).yawDeg,
      );
      for (const yaw of yaws) expect(Math.abs(yaw - yaws[2])).toBeLessThan(SIDE_DEG);
    }
  });

  it('keeps its rotation in the matrix as the head moves sideways without turning', () => {
    const rotation = rotationOf({ yawDeg: 20, pitchDeg: -5, rollDeg: 0 });
    for (const x of [-30, -15, 0, 15, 30]) {
      const { matrix } = poseOf(fit(seenBy(rotation, [x, 0, -70])));
      const rows = [0, 4, 8, 1, 5, 9, 2, 6, 10].map((i) => matrix[i]);
      expect(away(anglesOf(Float64Array.from(rows)).yawDeg, 20)).toBeLessThan(SIDE_DEG);
      expect(matrix[12]).toBeCloseTo(x, 0);
    }
  });
});

describe('signs and axes', () => {
  const poseAt = (angles: Partial<Angles>, at: Vector = [0, 0, -60]) =>
    poseOf(fit(seen({ yawDeg: 0, pitchDeg: 0, rollDeg: 0, ...angles }, at)));

  it('yaw is positive where the nose points to the right of the picture', () => {
    const points = seen({ yawDeg: 20, pitchDeg: 0, rollDeg: 0 }, [0, 0, -60]);
    const eyes = (points[72] + points[90]) / 2;
    expect(points[60]).toBeGreaterThan(eyes + 5);
    expect(poseAt({ yawDeg: 20 }).yawDeg).toBeCloseTo(20, 0);
  });

  it('pitch is positive where the nose points up', () => {
    const tip = (pitchDeg: number) => seen({ yawDeg: 0, pitchDeg, rollDeg: 0 }, [0, 0, -60])[61];
    expect(tip(20)).toBeLessThan(tip(0) - 5);
    expect(poseAt({ pitchDeg: 20 }).pitchDeg).toBeCloseTo(20, 0);
  });

  it('roll is positive clockwise in the picture', () => {
    const points = seen({ yawDeg: 0, pitchDeg: 0, rollDeg: 20 }, [0, 0, -60]);
    expect(points[91]).toBeGreaterThan(points[73] + 5);
    expect(poseAt({ rollDeg: 20 }).rollDeg).toBeCloseTo(20, 0);
  });

  it('the matrix brings the head to where the camera sees it', () => {
    const { matrix } = poseAt({}, [8, -3, -60]);
    expect(matrix).toHaveLength(16);
    [8, -3, -60].forEach((value, i) => expect(matrix[12 + i]).toBeCloseTo(value, 0));
    expect([matrix[3], matrix[7], matrix[11], matrix[15]]).toEqual([0, 0, 0, 1]);
  });

  it('half the field of view, and half the picture, is the same camera', () => {
    const still = seen({ yawDeg: 30, pitchDeg: 0, rollDeg: 0 }, [10, 0, -60]);
    const small = still.map((value, i) => value - (i % 2 ? 180 : 320));
    const narrow = {
      width: 640,
      height: 360,
      fieldOfViewDeg: 2 * (180 / Math.PI) * Math.atan(Math.tan((FIELD_OF_VIEW_DEG * Math.PI) / 360) / 2),
    };
    expect(poseOf(fit(small, null, narrow)).yawDeg).toBeCloseTo(30, 0);
  });
});

describe('points that are wrong', () => {
  const angles = { yawDeg: 25, pitchDeg: 5, rollDeg: 0 };

  it('hardly count where their spread says so', () => {
    const points = seen(angles, [0, 0, -60]);
    const spread = new Float32Array(POINTS).fill(2);
    for (let i = 48; i < 68; i++) {
      points[2 * i] += 40;
      spread[i] = 60;
    }
    const pose = poseOf(fitFace(points, spread, CAMERA, null)!);
    expect(away(pose.yawDeg, angles.yawDeg)).toBeLessThan(MEDIAN_DEG);
  });

  it('that are few are outvoted', () => {
    const points = seen(angles, [0, 0, -60]);
    for (const i of [17, 30, 48]) points[2 * i] += 60;
    expect(away(poseOf(fit(points)).yawDeg, angles.yawDeg)).toBeLessThan(2 * MEDIAN_DEG);
  });

  it('of no face have no pose', () => {
    expect(fitFace(new Float32Array(136), null, CAMERA, null)).toBeNull();
    expect(fitFace(new Float32Array(136).fill(Number.NaN), null, CAMERA, null)).toBeNull();
    expect(
      fitFace(
        Float32Array.from({ length: 136 }, (_, i) => i),
        null,
        CAMERA,
        null,
      ),
    ).toBeNull();
  });

  it('of the last frame are forgotten where the face is elsewhere', () => {
    const last = fit(seen({ yawDeg: -60, pitchDeg: 0, rollDeg: 0 }, [-20, 0, -40]));
    const pose = poseOf(fit(seen({ yawDeg: 60, pitchDeg: 0, rollDeg: 30 }, [20, 0, -90]), last));
    expect(away(pose.yawDeg, 60)).toBeLessThan(MEDIAN_DEG);
  });
});
