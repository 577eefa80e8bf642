import { describe, expect, it } from 'vitest';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { fitFace } from './fit';
import { openFacePoseOf } from './openface';
import { poseOf } from './pose';

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
