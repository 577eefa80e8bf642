/** Drawn crops as the network's input. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import type { Manifest } from '../types';
import type { Context2D } from './crop';

/** Luma of BT.601, as training reads pictures. */
export const GRAY = [0.299, 0.587, 0.114] as const;

/** Grey levels 0..255 of pixels as canvases give them, red, green, blue and alpha of each. */
export function graysOf(data: Uint8ClampedArray): Float32Array<ArrayBuffer> {
  const [red, green, blue] = GRAY;
  const grays = new Float32Array(data.length / 4);
  for (let to = 0, from = 0; to < grays.length; to++, from += 4)
    grays[to] = red * data[from] + green * data[from + 1] + blue * data[from + 2];
  return grays;
}

/** (count, height, width, 1), normalised as the manifest says. */
export function toInput(stack: Context2D, count: number, manifest: Manifest, backend: Backend): tf.Tensor4D {
  const { width, height, mean, deviation } = manifest.input;
  const weights = GRAY.map((share) => share / (255 * deviation));
  const shift = mean / deviation;
  if (!backend.readsPixels) {
    const pixels = tf.browser.fromPixels(stack.canvas as HTMLCanvasElement);
    const gray = tf.sub(tf.sum(tf.mul(pixels, tf.tensor1d(weights)), -1), shift);
    return tf.reshape(gray, [count, height, width, 1]);
  }
  const { data } = stack.getImageData(0, 0, width, height * count);
  const values = new Float32Array(width * height * count);
  const [red, green, blue] = weights;
  for (let to = 0, from = 0; to < values.length; to++, from += 4) {
    values[to] = red * data[from] + green * data[from + 1] + blue * data[from + 2] - shift;
  }
  return tf.tensor4d(values, [count, height, width, 1]);
}
