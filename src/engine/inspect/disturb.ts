/** Changes of a crop before the network reads it. All functions are pure. */

import { compose } from '../geometry';
import { createRandom, normal } from '../random';
import type { Affine } from '../types';
import type { Disturbance } from './types';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The crop in which the face is turned or scaled; the same crop for disturbances of its pixels. */
export function disturbCrop(
  crop: Affine<'image', 'crop'>,
  { width, height }: Size,
  disturbance: Disturbance,
): Affine<'image', 'crop'> {
  const { kind } = disturbance;
  if (kind !== 'turn' && kind !== 'scale') return crop;
  const angleRad = kind === 'turn' ? (disturbance.degrees * Math.PI) / 180 : 0;
  const factor = kind === 'scale' ? disturbance.factor : 1;
  const [cos, sin] = [factor * Math.cos(angleRad), factor * Math.sin(angleRad)];
  // About the middle, in px of the input: crop units are not square where the input is not.
  const [b, c] = [(sin * width) / height, (-sin * height) / width];
  const moved: Affine<'crop', 'crop'> = {
    a: cos,
    b,
    c,
    d: cos,
    e: 0.5 - (cos + c) / 2,
    f: 0.5 - (b + cos) / 2,
  };
  return compose(moved, crop);
}

/** @param gray 0..255, row by row; it stays as it is */
export function disturbPixels(gray: Float32Array, size: Size, disturbance: Disturbance): Float32Array {
  switch (disturbance.kind) {
    case 'patch':
      return covered(gray, size, disturbance);
    case 'blur':
      return blurred(gray, size, disturbance.sigmaPx);
    case 'dark':
      return gray.map((value) => value * disturbance.factor);
    case 'noise':
      return noisy(gray, disturbance.sigma * 255, disturbance.seed);
    default:
      return gray;
  }
}

function covered(
  gray: Float32Array,
  { width, height }: Size,
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
): Float32Array {
  const mean = gray.reduce((sum, value) => sum + value, 0) / gray.length;
  const half = (side * width) / 2;
  const [left, right] = [x * width - half, x * width + half].map((at) => clamp(Math.round(at), width));
  const [top, bottom] = [y * height - half, y * height + half].map((at) => clamp(Math.round(at), height));
  const result = gray.slice();
  for (let row = top; row < bottom; row++) result.fill(mean, row * width + left, row * width + right);
  return result;
}

const clamp = (value: number, high: number) => Math.min(high, Math.max(0, value));

/** Once along the rows and once along the columns; the border's pixels go on beyond it. */
function blurred(gray: Float32Array, { width, height }: Size, sigmaPx: number): Float32Array {
  if (sigmaPx <= 0) return gray;
  const radius = Math.ceil(3 * sigmaPx);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-(((i - radius) / sigmaPx) ** 2) / 2),
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const pass = (from: Float32Array, length: number, step: number, lines: number, lineStep: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < length; at++) {
        let value = 0;
        for (let i = -radius; i <= radius; i++)
          value += weights[i + radius] * from[line * lineStep + clamp(at + i, length - 1) * step];
        to[line * lineStep + at * step] = value / sum;
      }
    }
    return to;
  };
  return pass(pass(gray, width, 1, height, width), height, width, width, 1);
}

/** Gaussian noise, the same for the same seed. */
function noisy(gray: Float32Array, deviation: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return gray.map((value) => clamp(value + deviation * normal(random), 255));
}
