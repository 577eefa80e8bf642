/** Each marked picture in several ways: shifted, turned, scaled, mirrored. */

import { compose } from '../geometry';
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
    return { crop: mirrored ? compose(MIRROR, moved) : moved, mirrored };
  });
}

const MIRROR: Affine<'crop', 'crop'> = { a: -1, b: 0, c: 0, d: 1, e: 1, f: 0 };

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

/** Points of a mirrored picture under their own names again. @param mirror as in `Scheme`. */
export function renamed<S extends 'crop' | 'image'>(points: Points<S>, mirror: readonly number[]): Points<S> {
  const named: Points<S> = new Float32Array(points.length);
  mirror.forEach((from, to) => named.set(points.subarray(2 * from, 2 * from + 2), 2 * to));
  return named;
}
