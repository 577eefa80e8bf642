import { describe, expect, it } from 'vitest';
import { makeGaze, makeSignals } from '../../../tests/fixtures/signals';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { fitFace } from './fit';
import { openFaceGazeOf, openFacePoseOf, type OpenFaceGaze } from './openface';
import { poseOf } from './pose';
import { product, rotationOf, sightRotation, type Vector } from './rotation';

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
const RAD_TOLERANCE = 0.01;

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
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)];

  it.each([
    ['into the camera', 0, 0, [0, 0, -1]],
    ['to the right of the picture: x above 0', 20, 0, [sin, 0, -cos]],
    ['up: y below 0', 0, 20, [0, -sin, -cos]],
  ])('%s', (_, yawDeg, pitchDeg, expected) => {
    const told = at({ yawDeg, pitchDeg });
    expectVector(vector(told, 0), expected);
    expectVector(vector(told, 1), expected);
    expect(told.gaze_angle_x).toBeCloseTo((yawDeg * Math.PI) / 180, 6);
    expect(told.gaze_angle_y).toBeCloseTo((-pitchDeg * Math.PI) / 180, 6);
  });

  it("are of the eye on the left of the picture first, which is the person's right", () => {
    const told = at({ right: { yawDeg: 20 }, left: { yawDeg: -20 } });
    expectVector(vector(told, 0), [sin, 0, -cos]);
    expectVector(vector(told, 1), [-sin, 0, -cos]);
    expect(vector(at({ left: null, yawDeg: 20 }), 1)).toEqual([0, 0, 0].map(() => expect.closeTo(0, 12)));
  });

  it("are relative to the camera's axes: who looks into it from the right of the picture and above looks to the left and down", () => {
    const told = at({}, [30, 20, -60]);
    expectVector(
      vector(told, 0),
      [-30, 20, -60].map((value) => value / 70),
    );
    expect(told.gaze_angle_x).toBeCloseTo(Math.atan2(-30, 60), 6);
    expect(told.gaze_angle_y).toBeCloseTo(Math.atan2(20, 60), 6);
  });

  it('are in line with the pose of a face that looks where it points', () => {
    const [place, angles] = [[9, -7, -60] as const, { yawDeg: 25, pitchDeg: -10, rollDeg: 0 }];
    const [, , x, , , y, , , z] = product(sightRotation(place), rotationOf(angles));
    expectVector(vector(at(angles, place), 0), [x, -y, -z]);
  });
});
