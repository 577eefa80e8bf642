/** Where the eye network reads each eye: an upright patch of the picture about it, the left one mirrored. Pure. */

import { cropAffine, cropOfPoints, meanPlace, mirroredCrop } from '../geometry';
import { EYE_POINTS, type PerEye } from '../signals/eyes';
import type { Affine, Manifest, Points } from '../types';

/**
 * The head's crop by which patches are measured and set upright. Training has the same margin, whatever that of the model is which
 * finds the points.
 */
const HEAD = { cropMargin: 1.4, input: { width: 1, height: 1 } } as const;
/** Of a patch over the side of that crop: an eye that is seen from the front is about half as wide. */
const WIDTH = 0.3;
const HEIGHT = 0.225;

/**
 * @param points the 68.
 * @returns for each eye the affine of its patch: the network sees right eyes alone, since that of the left eye mirrors it.
 */
export function eyePatches(
  points: Points<'image'>,
  { uprightWeights }: Pick<Manifest, 'uprightWeights'>,
): PerEye<Affine<'image', 'crop'>> {
  const head = cropOfPoints(points, [EYE_POINTS.right, EYE_POINTS.left], { ...HEAD, uprightWeights });
  const sidePx = 1 / Math.hypot(head.a, head.c);
  const angleRad = Math.atan2(head.c, head.a);
  const patchAbout = (eye: readonly number[]) =>
    cropAffine(meanPlace(points, eye), WIDTH * sidePx, HEIGHT * sidePx, angleRad);
  return { right: patchAbout(EYE_POINTS.right), left: mirroredCrop(patchAbout(EYE_POINTS.left)) };
}
