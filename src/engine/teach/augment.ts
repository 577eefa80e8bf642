/** Each marked picture in several ways: shifted, turned, scaled, mirrored. */

import { compose, mirroredCrop, renamed } from '../geometry';
import type { Affine, Points } from '../types';

/** One way to show a picture to the network. */
export interface View {
  readonly crop: Affine<'image', 'crop'>;
  readonly mirrored: boolean;
}

const MAX_SHIFT = 0.05;
const MAX_TURN_RAD = (15 * Math.PI) / 180;
const MAX_ZOOM = 0.1;

/**
 * `count` views of the crop: the first is as it is, the second mirrored, the others at random, every other one mirrored.
 * @param random 0..1, the same row each time, so that learning twice gives the same model.
 */
export function viewsOf(crop: Affine<'image', 'crop'>, count: number, random: () => number): View[] {
  const signed = (most: number) => (2 * random() - 1) * most;
  return Array.from({ length: count }, (_, i) => {
    const mirrored = i % 2 === 1;
    const isPlain = i < 2;
    const turnRad = isPlain ? 0 : signed(MAX_TURN_RAD);
    const zoom = isPlain ? 1 : 1 + signed(MAX_ZOOM);
    const shift = isPlain ? [0, 0] : [signed(MAX_SHIFT), signed(MAX_SHIFT)];
    const moved = compose(aboutMiddle(turnRad, zoom, shift), crop);
    return { crop: mirrored ? mirroredCrop(moved) : moved, mirrored };
  });
}

function aboutMiddle(turnRad: number, zoom: number, [x, y]: readonly number[]): Affine<'crop', 'crop'> {
  const [cos, sin] = [zoom * Math.cos(turnRad), zoom * Math.sin(turnRad)];
  return {
    a: cos,
    b: sin,
    c: -sin,
    d: cos,
    e: 0.5 - 0.5 * cos + 0.5 * sin + x,
    f: 0.5 - 0.5 * sin - 0.5 * cos + y,
  };
}

/**
 * A mirrored view's marks by the names they have there: those of a pair swap. A point without a partner is left out (NaN): one on
 * the left, as a pupil or a mole, is none on the right, and whether one lies on the middle of the face nobody says.
 */
export function marksInMirror(marked: Points<'crop'>, mirror: readonly number[]): Points<'crop'> {
  return renamed(marked, mirror).map((value, i) => (mirror[i >> 1] === i >> 1 ? NaN : value));
}
