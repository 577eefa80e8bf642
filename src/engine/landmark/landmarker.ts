/** Crops through the network, all faces in one batch, and back to image px. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import { createCanvas2d, createPainter, type Picture } from './crop';
import { EngineError } from '../errors';
import { toInput } from './input';
import { unpack, type Prediction } from './prediction';
import { selfTestImage } from './self-test';
import { apply, invert, scaleOf } from '../geometry';
import type { Model } from '../model/graph-model';
import { packedLength, VALUES_PER_POINT } from '../model/manifest';
import type { CropFeatures } from '../teach/features';
import { applyHead, checkHead, type Head } from '../teach/head';
import { encoderNodes, type Maps } from '../teach/maps';
import { applyOwnFace } from '../teach/own-face';
import type { Taught } from '../teach/taught-file';
import type { Activations, Affine, Manifest } from '../types';
import type { Stopwatch } from '../timings';

export interface Landmarker {
  /**
   * One pass of the network over all crops as one batch, with one read-back.
   * @param size of the batch; what the crops leave over is padding. Default: as many as there are crops.
   * @returns one prediction per crop, in their order.
   */
  landmarks(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
    size?: number,
  ): Promise<Prediction[]>;
  /**
   * The output of the node of that name for one crop.
   * @throws EngineError `bad-option` when there is no such node, or its shape is not (1, height, width, channels).
   */
  activations(
    picture: Picture,
    crop: Affine<'image', 'crop'>,
    node: string,
    watch: Stopwatch,
  ): Promise<Activations>;
  /** One pass over all crops, for what a taught model learns from. */
  features(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
  ): Promise<CropFeatures[]>;
  /** The network's output for `count` empty crops, to compile its shaders. */
  dryRun(count: number): tf.Tensor;
  /** Runs the network once on a dummy batch of `count` faces, to warm it up or to measure it. */
  runIdle(count: number): Promise<void>;
  /** The points of the self-test's crop, in crop units: x, y per point. */
  selfTestPoints(): Promise<Float32Array>;
}

/** The landmarker borrows the model; its owner disposes it. @param taught what to add to the model, if anything. */
export function createLandmarker(model: Model, backend: Backend, taught: Taught | null): Landmarker {
  const { manifest, graph } = model;
  const { width, height } = manifest.input;
  const headNodes = taught ? taught.head.nodes : [];
  if (taught) checkHead(taught.head, model);
  /** The crops, one under the other. */
  const stack = createCanvas2d(width, height, backend.readsPixels);
  const painter = createPainter(backend.readsPixels, 'last pixels');

  function draw(picture: Picture, crops: readonly Affine<'image', 'crop'>[], size: number): void {
    // A texture is taken from the whole canvas, so its height is exact; setting it to its present value would clear it needlessly.
    const stackHeight = height * size;
    if (stack.canvas.height !== stackHeight) stack.canvas.height = stackHeight;
    crops.forEach((crop, i) => painter.draw(stack, { x: 0, y: i * height, width, height }, picture, crop));
  }

  /** (N, height, width, 1) to the nodes' outputs. */
  function run(input: tf.Tensor4D, nodes: readonly string[]): tf.Tensor[] {
    return [graph.execute({ [manifest.input.name]: input }, [...nodes])].flat();
  }

  /** Runs the drawn crops as far as the nodes. @returns for each crop the nodes' values, one after the other. */
  async function runStack(
    count: number,
    nodes: readonly string[],
    check: (outputs: readonly tf.Tensor[]) => void,
    watch?: Stopwatch,
  ): Promise<{ values: Float32Array; shapes: readonly (readonly number[])[] }> {
    const time = <T>(stage: 'cropMs' | 'networkMs', step: () => T): T =>
      watch ? watch.timeOnGpu(stage, backend.clock, step) : step();
    let shapes: readonly (readonly number[])[] = [];
    const joined = tf.tidy(() => {
      const input = time('cropMs', () => toInput(stack, count, manifest, backend));
      const outputs = time('networkMs', () => run(input, nodes));
      check(outputs);
      shapes = outputs.map(({ shape }) => shape);
      return join(outputs, count);
    });
    try {
      const read = () => backend.read(joined);
      const values = await (watch ? watch.timeAsync('readBackMs', read) : read());
      watch?.readGpu();
      return { values, shapes };
    } finally {
      joined.dispose();
    }
  }

  async function predict(count: number, watch?: Stopwatch): Promise<Float32Array> {
    const check = ([packed]: readonly tf.Tensor[]) => checkPacked(packed, count, manifest);
    return (await runStack(count, [manifest.output.packed, ...headNodes], check, watch)).values;
  }

  /** Each crop's prediction, and the maps of the nodes. */
  async function predictWith(
    nodes: readonly string[],
    crops: readonly Affine<'image', 'crop'>[],
    size: number,
    watch: Stopwatch,
  ): Promise<{ readonly prediction: Prediction; readonly features: CropFeatures }[]> {
    const check = ([packed, ...maps]: readonly tf.Tensor[]) => {
      checkPacked(packed, size, manifest);
      maps.forEach((map, i) => checkSquare(map, nodes[i], manifest));
    };
    const { values, shapes } = await runStack(size, [manifest.output.packed, ...nodes], check, watch);
    const rowLength = values.length / size;
    return crops.map((crop, i) => {
      const row = values.subarray(i * rowLength, (i + 1) * rowLength);
      const prediction = unpack(row, 0, crop, manifest);
      const maps = mapsOf(row, shapes.slice(1), packedLength(manifest));
      return { prediction, features: { base: apply(crop, prediction.points), maps } };
    });
  }

  async function runIdle(count: number): Promise<void> {
    stack.canvas.height = height * count;
    const packed = await predict(count);
    if (packed.some((value) => !Number.isFinite(value)))
      throw new EngineError('bad-model', `model ${manifest.id}: gives values that are not finite numbers`);
  }

  async function selfTestPoints(): Promise<Float32Array> {
    stack.canvas.height = height;
    stack.putImageData(selfTestImage(width, height), 0, 0);
    const packed = await predict(1);
    const step = VALUES_PER_POINT[manifest.output.values];
    return packed.subarray(0, step * manifest.scheme.pointCount).filter((_, i) => i % step < 2);
  }

  return {
    async landmarks(picture, crops, watch, size = crops.length) {
      if (crops.length === 0) return [];
      watch.time('cropMs', () => draw(picture, crops, size));
      const found = await predictWith(headNodes, crops, size, watch);
      return found.map(({ prediction, features }, i) =>
        taught
          ? { ...prediction, taught: predictTaught(taught.head, features, prediction, crops[i]) }
          : prediction,
      );
    },
    async features(picture, crops, watch) {
      watch.time('cropMs', () => draw(picture, crops, crops.length));
      const nodes = encoderNodes(model.nodes, manifest.id);
      return (await predictWith(nodes, crops, crops.length, watch)).map(({ features }) => features);
    },
    async activations(picture, crop, node, watch) {
      if (!model.nodes.has(node)) throw badNode(manifest, node, 'is no layer of its graph');
      watch.time('cropMs', () => draw(picture, [crop], 1));
      const check = ([output]: readonly tf.Tensor[]) => checkMaps(output, node, manifest);
      const { values, shapes } = await runStack(1, [node], check, watch);
      const [, mapHeight, mapWidth, channels] = shapes[0];
      return { width: mapWidth, height: mapHeight, channels, values, crop };
    },
    dryRun: (count) =>
      tf.tidy(() => {
        const input: tf.Tensor4D = tf.zeros([count, height, width, 1]);
        return join(run(input, [manifest.output.packed, ...headNodes]), count);
      }),
    runIdle,
    selfTestPoints,
  };
}

/** Each crop's outputs side by side, so that they are read back at once. */
function join(outputs: readonly tf.Tensor[], count: number): tf.Tensor {
  return outputs.length === 1
    ? outputs[0]
    : tf.concat(
        outputs.map((output) => tf.reshape(output, [count, -1])),
        1,
      );
}

/** The maps of one crop in its row, from `offset` on. */
function mapsOf(row: Float32Array, shapes: readonly (readonly number[])[], offset: number): Maps[] {
  let from = offset;
  return shapes.map(([, size, , channels]) => {
    const values = row.subarray(from, from + size * size * channels);
    from += values.length;
    return { size, channels, values };
  });
}

function predictTaught(
  head: Head,
  features: CropFeatures,
  { spread, visible }: Prediction,
  crop: Affine<'image', 'crop'>,
): Prediction['taught'] {
  const cropToImage = invert(crop);
  const { kind } = head;
  if (kind === 'my-face') {
    const points = apply(cropToImage, applyOwnFace(head, features));
    return { kind, points, spread, ...(visible && { visible }) };
  }
  const told = applyHead(head, features);
  const pxPerUnit = scaleOf(cropToImage);
  const spreadPx = told.spread.map((value) => value * pxPerUnit);
  return { kind, points: apply(cropToImage, told.points), spread: spreadPx };
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

function checkSquare({ shape }: tf.Tensor, node: string, manifest: Manifest): void {
  if (shape.length === 4 && shape[1] === shape[2]) return;
  throw badNode(manifest, node, `gives (${shape.join(', ')}), not square maps`);
}

function badNode({ id }: Manifest, node: string, what: string): EngineError {
  return new EngineError('bad-option', `model ${id}: node ${node} ${what}`);
}
