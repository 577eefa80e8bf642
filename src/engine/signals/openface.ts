/** Pose and gaze in the axes, order, signs and units of OpenFace's columns. */

import type { EyeGaze, HeadPose, Signals } from '../types';
import { gazeDirection } from './gaze-direction';

/** OpenFace's columns: x to the right of the picture, y down, z away from the camera. */
export interface OpenFacePose {
  /** mm */
  readonly pose_Tx: number;
  readonly pose_Ty: number;
  readonly pose_Tz: number;
  /** Radians, of R = Rx · Ry · Rz in the camera's axes. Positive: looks down. */
  readonly pose_Rx: number;
  /** Positive: looks to the left of the picture. */
  readonly pose_Ry: number;
  /** Positive: clockwise. */
  readonly pose_Rz: number;
}

/** The rotation is that of the matrix, not relative to the line of sight, as OpenFace has it. */
export function openFacePoseOf({ matrix: m }: Pick<HeadPose, 'matrix'>): OpenFacePose {
  // With y and z turned over, r02 = −m₈, r12 = m₉, r22 = m₁₀, r01 = −m₄, r00 = m₀.
  return {
    pose_Tx: 10 * m[12],
    pose_Ty: -10 * m[13],
    pose_Tz: -10 * m[14],
    pose_Rx: Math.atan2(-m[9], m[10]),
    pose_Ry: Math.asin(Math.max(-1, Math.min(1, -m[8]))),
    pose_Rz: Math.atan2(m[4], m[0]),
  };
}

/** OpenFace's columns, in the axes of its pose. Eye 0 is on the left of the picture: the person's right one. */
export interface OpenFaceGaze {
  /** Of a unit vector along which the eye looks; z is −1 where it looks along the camera's axis. All 0 of an eye without gaze. */
  readonly gaze_0_x: number;
  readonly gaze_0_y: number;
  readonly gaze_0_z: number;
  readonly gaze_1_x: number;
  readonly gaze_1_y: number;
  readonly gaze_1_z: number;
  /** Radians, of both eyes together. Positive: they look to the right of the picture. */
  readonly gaze_angle_x: number;
  /** Positive: they look down. */
  readonly gaze_angle_y: number;
}

/** From the middle of the head's axes to each eye, cm: that of a mean adult. */
const LEFT_EYE_CM = 3.1;

/** Relative to the camera's axes, not to the line of sight, as OpenFace has it. */
export function openFaceGazeOf({ pose, gaze }: Required<Pick<Signals, 'pose' | 'gaze'>>): OpenFaceGaze {
  const { matrix: m } = pose;
  /** @param aside of the head's middle, to its own left, cm */
  const vectorOf = (look: Pick<EyeGaze, 'yawDeg' | 'pitchDeg'> | null, aside: number) => {
    if (!look) return [0, 0, 0];
    const [x, y, z] = gazeDirection(look, [m[12] + aside * m[0], m[13] + aside * m[1], m[14] + aside * m[2]]);
    return [x, -y, -z];
  };
  const [x0, y0, z0] = vectorOf(gaze.right, -LEFT_EYE_CM);
  const [x1, y1, z1] = vectorOf(gaze.left, LEFT_EYE_CM);
  const [x, y, z] = vectorOf(gaze, 0);
  return {
    ...{ gaze_0_x: x0, gaze_0_y: y0, gaze_0_z: z0 },
    ...{ gaze_1_x: x1, gaze_1_y: y1, gaze_1_z: z1 },
    ...{ gaze_angle_x: Math.atan2(x, -z), gaze_angle_y: Math.atan2(y, -z) },
  };
}
