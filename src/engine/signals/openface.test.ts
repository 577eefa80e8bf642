import { describe, expect, it } from 'vitest';
import { makeGaze, makeSignals } from '../../../tests/fixtures/signals';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { MEAN_FACE } from './face';
import { fitFace } from './fit';
import { openFaceGazeOf, openFacePoseOf, type OpenFaceGaze } from './openface';
import { poseOf } from './pose';
import { product, rotationOf, sightRotation, type Vector } from './rotation';

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
const RAD_TOLERANCE = 0.01;
/** Of unit vectors: eyes stand 3.1 cm from the middle of the head, to a mm. */
const VECTOR_TOLERANCE = 0.002;

const told = (angles: object) =>
  openFacePoseOf(poseOf(fitFace(seenFace(angles, [0, 0, -60], CAMERA), null, CAMERA, null)!));

describe("OpenFace's columns", () => {
  it.each([
    ['pose_Rx', { pitchDeg: 20 }, -1],
    ['pose_Ry', { yawDeg: 20 }, -1],
    ['pose_Rz', { rollDeg: 20 }, 1],
  ] as const)('%s has the angle of %j with sign %d, in radians', (column, angles, sign) => {
    const pose = told(angles);
    for (const name of ['pose_Rx', 'pose_Ry', 'pose_Rz'] as const) {
      const expected = name === column ? (sign * 20 * Math.PI) / 180 : 0;
      expect(Math.abs(pose[name] - expected)).toBeLessThan(RAD_TOLERANCE);
    }
  });

  it('have the place in mm, y down and z away from the camera', () => {
    const points = seenFace({}, [5, 4, -60], CAMERA);
    const pose = openFacePoseOf(poseOf(fitFace(points, null, CAMERA, null)!));
    expect(pose.pose_Tx).toBeCloseTo(50, 0);
    expect(pose.pose_Ty).toBeCloseTo(-40, 0);
    expect(pose.pose_Tz).toBeCloseTo(600, 0);
  });

  it('are of the rotation R = Rx · Ry · Rz', () => {
    const matrix = poseOf(fitFace(seenFace({ yawDeg: 25, pitchDeg: -10, rollDeg: 15 }, [9, 0, -60], CAMERA), null, CAMERA, null)!).matrix; // prettier-ignore
    const { pose_Rx: x, pose_Ry: y, pose_Rz: z } = openFacePoseOf({ matrix });
    const [sx, cx, sy, cy, sz, cz] = [x, y, z].flatMap((angle) => [Math.sin(angle), Math.cos(angle)]);
    const rows = [
      [cy * cz, -cy * sz, sy],
      [cx * sz + cz * sx * sy, cx * cz - sx * sy * sz, -cy * sx],
      [sx * sz - cx * cz * sy, cz * sx + cx * sy * sz, cx * cy],
    ];
    rows.forEach((row, r) =>
      row.forEach((value, c) => {
        const sign = (r > 0 ? -1 : 1) * (c > 0 ? -1 : 1);
        expect(value).toBeCloseTo(sign * matrix[4 * c + r], 5);
      }),
    );
  });
});

describe("OpenFace's columns of the gaze", () => {
  /** A head at this place, cm, whose eyes look there. */
  const at = (looking: Parameters<typeof makeGaze>[0], place: Vector = [0, 0, -60]) =>
    openFaceGazeOf({ pose: makeSignals({ place }).pose, gaze: makeGaze(looking) });
  const vector = (told: OpenFaceGaze, eye: 0 | 1) => (['x', 'y', 'z'] as const).map((axis) => told[`gaze_${eye}_${axis}`]); // prettier-ignore
  const expectVector = (found: readonly number[], expected: readonly number[]) =>
    found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(VECTOR_TOLERANCE));
  /** Radians by which the line of sight to an eye differs from that to the middle of the head. */
  const BESIDE_RAD = Math.atan(MEAN_FACE.eyes.across / 60);
  /** A vector by its angles: to the right of the picture and down. */
  const aside = (x: number, y: number) => [
    Math.sin(x) * Math.cos(y),
    Math.sin(y),
    -Math.cos(x) * Math.cos(y),
  ];
  const [ASIDE_DEG, ASIDE_RAD] = [20, Math.PI / 9];

  it.each([
    ['into the camera', 0, 0],
    ['to the right of the picture: x above 0', 1, 0],
    ['up: y below 0', 0, 1],
  ])('%s', (_, right, up) => {
    const told = at({ yawDeg: right * ASIDE_DEG, pitchDeg: up * ASIDE_DEG });
    expect(told.gaze_angle_x).toBeCloseTo(right * ASIDE_RAD, 6);
    expect(told.gaze_angle_y).toBeCloseTo(-up * ASIDE_RAD, 6);
    // Both eyes look to where the lines meet: the one on the left more to the right.
    expectVector(vector(told, 0), aside(right * ASIDE_RAD + BESIDE_RAD, -up * ASIDE_RAD));
    expectVector(vector(told, 1), aside(right * ASIDE_RAD - BESIDE_RAD, -up * ASIDE_RAD));
  });

  it("are of the eye on the left of the picture first, which is the person's right", () => {
    const told = at({ right: { yawDeg: 20 }, left: { yawDeg: -20 } });
    expectVector(vector(told, 0), aside(ASIDE_RAD + BESIDE_RAD, 0));
    expectVector(vector(told, 1), aside(-ASIDE_RAD - BESIDE_RAD, 0));
    expect(vector(at({ left: null, yawDeg: 20 }), 1)).toEqual([0, 0, 0]);
  });

  it("are relative to the camera's axes: a face at the right and at the top looks to the left and down into it", () => {
    const told = at({}, [30, 20, -60]);
    const eye = [30 + MEAN_FACE.eyes.across, 20, -60];
    expectVector(
      vector(told, 1),
      [-eye[0], eye[1], eye[2]].map((value) => value / Math.hypot(...eye)),
    );
    expect(told.gaze_angle_x).toBeCloseTo(Math.atan2(-30, 60), 6);
    expect(told.gaze_angle_y).toBeCloseTo(Math.atan2(20, 60), 6);
  });

  it('are in line with the pose of a face that looks where it points', () => {
    const [place, angles] = [[9, -7, -60] as const, { yawDeg: 25, pitchDeg: -10, rollDeg: 0 }];
    const [, , x, , , y, , , z] = product(sightRotation(place), rotationOf(angles));
    const told = at(angles, place);
    expect(told.gaze_angle_x).toBeCloseTo(Math.atan2(x, z), 6);
    expect(told.gaze_angle_y).toBeCloseTo(Math.atan2(-y, z), 6);
  });
});
