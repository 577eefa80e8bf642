/** Crops through the network, all faces in one batch, and back to image px. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from './backend';
import { createCanvas2d, createPainter, type Context2D, type Picture } from './canvas';
import { EngineError } from './errors';
import { apply, invert, scaleOf } from './geometry';
import type { Model } from './model';
import type { Stopwatch } from './stopwatch';
import type { Affine, Manifest, Points } from './types';

/** Luma of BT.601, as training reads pictures. */
const GRAY = [0.299, 0.587, 0.114] as const;

export interface Prediction {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, image px. */
  readonly spread: Float32Array;
  /** Presence, 0..1. */
  readonly score: number;
}

export interface Landmarker {
  /**
   * One pass of the network over all crops as one batch, with one read-back.
   * @returns one prediction per crop, in their order.
   */
  landmarks(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
  ): Promise<Prediction[]>;
  /** Compiles and runs the network once for `count` faces, so that the first frame does not wait. */
  warmUp(count: number): Promise<void>;
  /** Runs the network once on `count` faces that nobody wants, to measure it. */
  idle(count: number): Promise<void>;
}

/** The landmarker borrows the model; its owner disposes it. */
export function createLandmarker(model: Model, backend: Backend): Landmarker {
  const { manifest, graph } = model;
  const { width: size } = manifest.input;
  const stack = createCanvas2d(size, size, backend.readsPixels);
  const painter = createPainter(backend.readsPixels);

  function draw(picture: Picture, crops: readonly Affine<'image', 'crop'>[]): void {
    // A texture is taken from the whole canvas, so its height is exact; setting it to what it is would clear it for nothing.
    const height = size * crops.length;
    if (stack.canvas.height !== height) stack.canvas.height = height;
    crops.forEach((crop, i) =>
      painter.draw(stack, { x: 0, y: i * size, width: size, height: size }, picture, crop),
    );
  }

  /** (N, size, size, 1) to (N, points · 3 + 1). */
  function run(input: tf.Tensor4D): tf.Tensor {
    return graph.execute({ [manifest.input.name]: input }, manifest.output.packed) as tf.Tensor;
  }

  async function predict(count: number, watch?: Stopwatch): Promise<Float32Array> {
    const time = <T>(stage: 'cropMs' | 'networkMs', step: () => T): T =>
      watch ? watch.time(stage, step) : step();
    const packed = tf.tidy(() => {
      const input = time('cropMs', () => toInput(stack, count, manifest, backend));
      return time('networkMs', () => run(input));
    });
    try {
      checkShape(packed, count, manifest);
      const read = () => backend.read(packed);
      return await (watch ? watch.timeAsync('readBackMs', read) : read());
    } finally {
      packed.dispose();
    }
  }

  async function idle(count: number): Promise<void> {
    stack.canvas.height = size * count;
    await predict(count);
  }

  return {
    async landmarks(picture, crops, watch) {
      if (crops.length === 0) return [];
      watch.time('cropMs', () => draw(picture, crops));
      const packed = await predict(crops.length, watch);
      return crops.map((crop, i) => unpack(packed, i, manifest.scheme.pointCount, crop));
    },
    async warmUp(count) {
      await backend.compile(() => tf.tidy(() => run(tf.zeros([count, size, size, 1]))));
      await idle(count);
    },
    idle,
  };
}

/** (count, size, size, 1), normalised as the manifest says. */
function toInput(stack: Context2D, count: number, manifest: Manifest, backend: Backend): tf.Tensor4D {
  const { width: size, mean, deviation } = manifest.input;
  const weights = GRAY.map((share) => share / (255 * deviation));
  const shift = mean / deviation;
  if (!backend.readsPixels) {
    const pixels = tf.browser.fromPixels(stack.canvas as HTMLCanvasElement);
    const gray = tf.sub(tf.sum(tf.mul(pixels, tf.tensor1d(weights)), -1), shift);
    return tf.reshape(gray, [count, size, size, 1]);
  }
  const { data } = stack.getImageData(0, 0, size, size * count);
  const values = new Float32Array(size * size * count);
  const [red, green, blue] = weights;
  for (let to = 0, from = 0; to < values.length; to++, from += 4) {
    values[to] = red * data[from] + green * data[from + 1] + blue * data[from + 2] - shift;
  }
  return tf.tensor4d(values, [count, size, size, 1]);
}

function checkShape(packed: tf.Tensor, count: number, { id, scheme, output }: Manifest): void {
  const wanted = [count, scheme.pointCount * 3 + 1];
  if (packed.shape.length === 2 && packed.shape.every((length, i) => length === wanted[i])) return;
  throw new EngineError(
    'bad-model',
    `model ${id}: node ${output.packed} gives (${packed.shape.join(', ')}), the manifest promises (${wanted.join(', ')})`,
  );
}

/** Face `index` of the packed output. x, y and ln(spread) per point in crop units, then the presence logit. */
export function unpack(
  packed: Float32Array,
  index: number,
  pointCount: number,
  crop: Affine<'image', 'crop'>,
): Prediction {
  const length = pointCount * 3 + 1;
  const at = index * length;
  const onCrop: Points<'crop'> = new Float32Array(2 * pointCount);
  const spread = new Float32Array(pointCount);
  const cropToImage = invert(crop);
  const pxPerUnit = scaleOf(cropToImage);
  for (let i = 0; i < pointCount; i++) {
    onCrop[2 * i] = packed[at + 3 * i];
    onCrop[2 * i + 1] = packed[at + 3 * i + 1];
    spread[i] = Math.exp(packed[at + 3 * i + 2]) * pxPerUnit;
  }
  return { points: apply(cropToImage, onCrop), spread, score: 1 / (1 + Math.exp(-packed[at + length - 1])) };
}
