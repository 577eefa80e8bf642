/** The known motion of the sample: a still seen under slow pans, zooms and turns. */

import type { Affine } from '../../engine/types';

/** Size of the sample's frames in px. */
export const sampleWidth = 640;
export const sampleHeight = 480;

/** Middle of the face in the still, in px; the motion turns and zooms about it. */
const face = { x: 224, y: 118 };

const still = { scale: 2.3, angleRad: 0, shiftX: 0, shiftY: 0 };

/** Where the face is `timeMs` after the start; periods of 7 to 13 s that do not divide each other. */
function poseAt(timeMs: number) {
  const wave = (periodS: number) => Math.sin((2 * Math.PI * timeMs) / 1000 / periodS);
  return {
    scale: still.scale * (1 + 0.16 * wave(11)),
    angleRad: 0.2 * wave(9),
    shiftX: 90 * wave(13),
    shiftY: 24 * wave(7),
  };
}

/**
 * Affine from the still to the frame, both in px. At 0 ms, and always when `moving` is false, the face is upright and
 * in the middle.
 */
export function sampleAffine(timeMs: number, moving: boolean): Affine<'image', 'image'> {
  const { scale, angleRad, shiftX, shiftY } = moving ? poseAt(timeMs) : still;
  const a = scale * Math.cos(angleRad);
  const b = scale * Math.sin(angleRad);
  return {
    a,
    b,
    c: -b,
    d: a,
    e: sampleWidth / 2 + shiftX - a * face.x + b * face.y,
    f: sampleHeight / 2 + shiftY - b * face.x - a * face.y,
  };
}
