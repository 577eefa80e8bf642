/** Where the eyes of a face look: a circle about each iris that was found, and a ray from its middle. */

import { apply, largerSide } from '../../engine/geometry';
import { gazeDirection } from '../../engine/signals/gaze-direction';
import type { Affine, EyeGaze, Face } from '../../engine/types';
import { strokeWithHalo, type Context } from './halo';

export interface GazeRay {
  /** The middle of the iris, px of the image. */
  readonly x: number;
  readonly y: number;
  /** The end of the ray; with the middle where the eye looks into the camera. */
  readonly toX: number;
  readonly toY: number;
}

/** Over the larger side of the face's box, as seen from its side. */
const LENGTH = 0.9;
/** Over the same: about that of an iris. */
const RADIUS = 0.045;
/** Light, as what is drawn over skin and eyes has to be, and none of the axes' colours. */
const colour = '#ffe14d';

/** The person's left eye first; none for a face whose gaze is not told. Both rays go where both eyes together look. */
export function gazeRaysOf({ box, signals }: Face): GazeRay[] {
  if (!signals?.gaze) return [];
  const { pose, gaze } = signals;
  const [ahead, above, away] = pose.matrix.subarray(12, 15);
  const [right, up, depth] = gazeDirection(gaze, [ahead, above, away]);
  const length = LENGTH * largerSide(box);
  // As the axes: off the middle of the picture, what points to the viewer points outward there.
  const alongX = length * (right + (ahead / -away) * depth);
  const alongY = -length * (up + (above / -away) * depth);
  return [gaze.left, gaze.right]
    .filter((eye): eye is EyeGaze => eye !== null)
    .map(({ x, y }) => ({ x, y, toX: x + alongX, toY: y + alongY }));
}

/** @param context its unit is one CSS px of the view */
export function drawGaze(context: Context, face: Face, toView: Affine<'image', 'view'>): void {
  const facePx = largerSide(face.box) * Math.hypot(toView.a, toView.b);
  const widthPx = Math.min(4, Math.max(1.5, facePx / 90));
  for (const { x, y, toX, toY } of gazeRaysOf(face)) {
    const [x0, y0, x1, y1] = apply(toView, Float32Array.of(x, y, toX, toY));
    strokeWithHalo(context, widthPx, colour, () => {
      context.arc(x0, y0, RADIUS * facePx, 0, 2 * Math.PI);
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    });
  }
}
