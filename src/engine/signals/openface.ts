/** The pose in the axes, order, signs and units of OpenFace's columns. */

import type { HeadPose } from '../types';

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
