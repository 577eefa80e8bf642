/** Angles of a gaze as a direction in the camera's axes. */

import type { Gaze, HeadPose } from '../types';
import { rotate, sightRotation, type Vector } from './rotation';

/**
 * The unit vector along which an eye looks: x to the right of the picture, y up, z to the viewer. The angles are relative to the
 * line of sight to the head, which off the middle of the picture is slanted.
 */
export function gazeDirection(
  { yawDeg, pitchDeg }: Pick<Gaze, 'yawDeg' | 'pitchDeg'>,
  { matrix: m }: Pick<HeadPose, 'matrix'>,
): Vector {
  const [yaw, pitch] = [yawDeg, pitchDeg].map((angle) => (angle * Math.PI) / 180);
  const across = Math.cos(pitch);
  return rotate(
    sightRotation([m[12], m[13], m[14]]),
    ...([across * Math.sin(yaw), Math.sin(pitch), across * Math.cos(yaw)] as const),
  );
}
