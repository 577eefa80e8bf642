/** Crops through the network, all faces in one batch, and back to image px. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from './backend';
import { createCanvas2d, createPainter, type Context2D, type Picture } from './canvas';
import { EngineError } from './errors';
import { apply, boxOf, boxOfCrop, invert, scaleOf } from './geometry';
import type { Model } from './model';
import type { Stopwatch } from './stopwatch';
import type { Activations, Affine, Box, Manifest, Points } from './types';

/** Luma of BT.601, as training reads pictures. */
const GRAY = [0.299, 0.587, 0.114] as const;

export interface Prediction {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, image px; null where the model does not say. */
  readonly spread: Float32Array | null;
  /** Of the face, as in `Face`. */
  readonly box: Box<'image'>;
  /** 0..1; null where the model does not say. */
  readonly presence: number | null;
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
  /**
   * What the node of that name made of one crop.
   * @throws EngineError `bad-option` when there is no such node, or its shape is not (1, height, width, channels).
   */
  activations(
    picture: Picture,
    crop: Affine<'image', 'crop'>,
    node: string,
    watch: Stopwatch,
  ): Promise<Activations>;
  /** What the network makes of `count` faces that are not there, to compile its shaders. */
  dryRun(count: number): tf.Tensor;
  /** Runs the network once on `count` faces that nobody wants, to warm it up or to measure it. */
  idle(count: number): Promise<void>;
}

/** The landmarker borrows the model; its owner disposes it. */
export function createLandmarker(model: Model, backend: Backend): Landmarker {
  const { manifest, graph } = model;
  const { width, height } = manifest.input;
  /** The crops, one under the other. */
  const stack = createCanvas2d(width, height, backend.readsPixels);
  const painter = createPainter(backend.readsPixels);

  function draw(picture: Picture, crops: readonly Affine<'image', 'crop'>[]): void {
    // A texture is taken from the whole canvas, so its height is exact; setting it to what it is would clear it for nothing.
    const stackHeight = height * crops.length;
    if (stack.canvas.height !== stackHeight) stack.canvas.height = stackHeight;
    crops.forEach((crop, i) => painter.draw(stack, { x: 0, y: i * height, width, height }, picture, crop));
  }

  /** (N, height, width, 1) to what the node gives. */
  function run(input: tf.Tensor4D, node: string): tf.Tensor {
    return graph.execute({ [manifest.input.name]: input }, node) as tf.Tensor;
  }

  /** Runs the drawn crops as far as the node. */
  async function runStack(
    count: number,
    node: string,
    check: (output: tf.Tensor) => void,
    watch?: Stopwatch,
  ): Promise<{ values: Float32Array; shape: number[] }> {
    const time = <T>(stage: 'cropMs' | 'networkMs', step: () => T): T =>
      watch ? watch.time(stage, step) : step();
    const output = tf.tidy(() => {
      const input = time('cropMs', () => toInput(stack, count, manifest, backend));
      return time('networkMs', () => run(input, node));
    });
    try {
      check(output);
      const read = () => backend.read(output);
      return { values: await (watch ? watch.timeAsync('readBackMs', read) : read()), shape: output.shape };
    } finally {
      output.dispose();
    }
  }

  async function predict(count: number, watch?: Stopwatch): Promise<Float32Array> {
    const check = (packed: tf.Tensor) => checkPacked(packed, count, manifest);
    return (await runStack(count, manifest.output.packed, check, watch)).values;
  }

  async function idle(count: number): Promise<void> {
    stack.canvas.height = height * count;
    const packed = await predict(count);
    if (packed.some((value) => !Number.isFinite(value)))
      throw new EngineError('bad-model', `model ${manifest.id}: gives values that are no numbers`);
  }

  return {
    async landmarks(picture, crops, watch) {
      if (crops.length === 0) return [];
      watch.time('cropMs', () => draw(picture, crops));
      const packed = await predict(crops.length, watch);
      return crops.map((crop, i) => unpack(packed, i, crop, manifest));
    },
    async activations(picture, crop, node, watch) {
      if (!model.nodes.has(node)) throw badNode(manifest, node, 'is no layer of its graph');
      watch.time('cropMs', () => draw(picture, [crop]));
      const { values, shape } = await runStack(1, node, (output) => checkMaps(output, node, manifest), watch);
      const [, mapHeight, mapWidth, channels] = shape;
      return { width: mapWidth, height: mapHeight, channels, values, crop };
    },
    dryRun: (count) => tf.tidy(() => run(tf.zeros([count, height, width, 1]), manifest.output.packed)),
    idle,
  };
}

/** (count, height, width, 1), normalised as the manifest says. */
function toInput(stack: Context2D, count: number, manifest: Manifest, backend: Backend): tf.Tensor4D {
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

/** Values that the packed vector holds for one face. */
function packedLength({ scheme: { pointCount }, output: { values } }: Manifest): number {
  return values === 'points' ? 2 * pointCount : 3 * pointCount + 1;
}

function checkPacked(packed: tf.Tensor, count: number, manifest: Manifest): void {
  const { id, output } = manifest;
  const wanted = [count, packedLength(manifest)];
  if (packed.shape.length === 2 && packed.shape.every((length, i) => length === wanted[i])) return;
  throw new EngineError(
    'bad-model',
    `model ${id}: node ${output.packed} gives (${packed.shape.join(', ')}), the manifest promises (${wanted.join(', ')})`,
  );
}

function checkMaps({ shape }: tf.Tensor, node: string, manifest: Manifest): void {
  if (shape.length === 4 && shape[0] === 1) return;
  throw badNode(manifest, node, `gives (${shape.join(', ')}), not maps (1, height, width, channels)`);
}

function badNode({ id }: Manifest, node: string, what: string): EngineError {
  return new EngineError('bad-option', `model ${id}: node ${node} ${what}`);
}

/** Face `index` of the packed output, as `Manifest.output` describes it. */
export function unpack(
  packed: Float32Array,
  index: number,
  crop: Affine<'image', 'crop'>,
  manifest: Manifest,
): Prediction {
  const { scheme, output } = manifest;
  const { pointCount } = scheme;
  const tells = output.values === 'points-spread-presence';
  const length = packedLength(manifest);
  const values = packed.subarray(index * length, (index + 1) * length);
  const step = tells ? 3 : 2;
  const onCrop: Points<'crop'> = new Float32Array(2 * pointCount);
  for (let i = 0; i < pointCount; i++) onCrop.set(values.subarray(step * i, step * i + 2), 2 * i);
  const cropToImage = invert(crop);
  const pxPerUnit = scaleOf(cropToImage);
  const points = apply(cropToImage, onCrop);
  return {
    points,
    spread: tells
      ? Float32Array.from({ length: pointCount }, (_, i) => Math.exp(values[3 * i + 2]) * pxPerUnit)
      : null,
    box: scheme.eyes ? boxOf(points) : boxOfCrop(crop, manifest),
    presence: tells ? 1 / (1 + Math.exp(-values[length - 1])) : null,
  };
}
