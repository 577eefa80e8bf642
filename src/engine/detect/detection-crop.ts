/** From the detector's box to the crop that the landmark network reads. */

import { angleBetween, centreOf, cropOfFace, largerSide, type CropShape } from '../geometry';
import type { Affine } from '../types';
import type { Detection } from './blazeface';

/**
 * BlazeFace's box against the 68 points' box, measured on 340 faces (170 each of AFW and HELEN's training part): its side
 * over the larger side (deviation 0.07), and how far its centre lies above, in larger sides (deviation 0.04).
 */
const DETECTOR_BOX_SIDE = 1.03;
const DETECTOR_BOX_RISE = 0.05;

/**
 * The crop that the detector proposes: upright by its eyes, made for the box that 68 points would have.
 * @param turnRad by how much it is turned on, clockwise.
 */
export function cropOfDetection(
  { box, eyes }: Detection,
  shape: CropShape,
  turnRad = 0,
): Affine<'image', 'crop'> {
  const facePx = largerSide(box) / DETECTOR_BOX_SIDE;
  const angleRad = angleBetween(eyes[0], eyes[1]) + turnRad;
  const { x, y } = centreOf(box);
  const dropPx = DETECTOR_BOX_RISE * facePx;
  const centre = { x: x - Math.sin(angleRad) * dropPx, y: y + Math.cos(angleRad) * dropPx };
  return cropOfFace(centre, facePx, angleRad, shape);
}
