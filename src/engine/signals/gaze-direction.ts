/** Angles of a gaze as a direction in the camera's axes. */

import type { Gaze } from '../types';
import { rotate, sightRotation, type Vector } from './rotation';

/**
 * The unit vector along which an eye looks: x to the right of the picture, y up, z to the viewer. Its angles are relative to the
 * line of sight from the camera to where it is, which is slanted off the middle of the picture.
 * @param at the place of the eye, or, of both together, of the head; cm, in the camera's axes.
 */
export function gazeDirection({ yawDeg, pitchDeg }: Pick<Gaze, 'yawDeg' | 'pitchDeg'>, at: Vector): Vector {
  const [yaw, pitch] = [yawDeg, pitchDeg].map((angle) => (angle * Math.PI) / 180);
  const across = Math.cos(pitch);
  return rotate(sightRotation(at), across * Math.sin(yaw), Math.sin(pitch), across * Math.cos(yaw));
}
