/** The pose of a fitted face, as the library tells it. */

import type { HeadPose } from '../types';
import type { Fit } from './fit';
import { anglesOf, inverse, product, sightRotation } from './rotation';

/** Angles are relative to the line of sight, so that a face that looks into the camera has 0 wherever it is. */
export function poseOf({ rotation: r, translation }: Fit): HeadPose {
  const [x, y, z] = translation;
  const relative = product(inverse(sightRotation([x, y, z])), r);
  const matrix = Float32Array.of(
    r[0], r[3], r[6], 0,
    r[1], r[4], r[7], 0,
    r[2], r[5], r[8], 0,
    x, y, z, 1,
  ); // prettier-ignore
  return { ...anglesOf(relative), matrix };
}
