/** Looks into the network on the backend: its stages and their times, what its nodes made of a crop, disturbed crops. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import { EngineError } from '../errors';
import { createCanvas2d, createPainter, type Picture } from '../landmark/crop';
import { graysOf } from '../landmark/input';
import { unpack } from '../landmark/prediction';
import type { Model } from '../model/graph-model';
import { packedLength } from '../model/manifest';
import type { Affine } from '../types';
import { disturbCrop, disturbPixels } from './disturb';
import { filtersOf } from './filters';
import { sheetOf } from './sheet';
import { stagesOf } from './stages';
import { timeStages } from './stage-times';
import type { Disturbance, Inspection, Network, Probe } from './types';

/** Disturbed crops that run as one batch, always padded to it: a GPU compiles its shaders once. */
const PROBES_AT_ONCE = 8;

export interface Inspector {
  /** @param pause awaited between two stages; it may throw to end the call. */
  network(pause: () => Promise<void>): Promise<Network>;
  /** One pass over the crop. @throws EngineError `bad-option` when a node does not exist or gives no maps. */
  inspect(picture: Picture, crop: Affine<'image', 'crop'>, nodes: readonly string[]): Promise<Inspection>;
  /** One result for each disturbance, in their order. @param withGray whether they carry what the network read. */
  probe(
    picture: Picture,
    crop: Affine<'image', 'crop'>,
    disturbances: readonly Disturbance[],
    withGray: boolean,
    pause: () => Promise<void>,
  ): Promise<Probe[]>;
}

/** The inspector borrows the model; its owner disposes it. */
export function createInspector(model: Model, backend: Backend): Inspector {
  const { manifest, graph } = model;
  const { name: inputName, width, height, mean, deviation } = manifest.input;
  const cellCount = width * height;
  const canvas = createCanvas2d(width, height, true);
  const painter = createPainter(true, 'last pixels');

  /** Grey, 0..255. */
  function readCrop(picture: Picture, crop: Affine<'image', 'crop'>): Float32Array {
    painter.draw(canvas, { x: 0, y: 0, width, height }, picture, crop);
    return graysOf(canvas.getImageData(0, 0, width, height).data);
  }

  /** (size, height, width, 1) as the manifest says; the rest of the batch is zero. */
  function toInput(grays: readonly Float32Array[], size: number): tf.Tensor4D {
    const values = new Float32Array(cellCount * size);
    grays.forEach((gray, i) =>
      values.set(
        gray.map((value) => (value / 255 - mean) / deviation),
        i * cellCount,
      ),
    );
    return tf.tensor4d(values, [size, height, width, 1]);
  }

  /** The values of the nodes for these crops. */
  async function run(grays: readonly Float32Array[], size: number, nodes: readonly string[]) {
    const outputs = tf.tidy(
      () => graph.execute({ [inputName]: toInput(grays, size) }, [...nodes]) as tf.Tensor[] | tf.Tensor,
    );
    const tensors = Array.isArray(outputs) ? outputs : [outputs];
    try {
      return await Promise.all(
        tensors.map(async (tensor) => ({ values: await backend.read(tensor), shape: tensor.shape })),
      );
    } finally {
      tf.dispose(tensors);
    }
  }

  function checkNodes(nodes: readonly string[]): void {
    for (const node of nodes)
      if (!model.nodes.has(node) || node === inputName)
        throw new EngineError('bad-option', `model ${manifest.id}: node ${node} is no layer of its graph`);
  }

  return {
    async network(pause) {
      const stages = stagesOf(model);
      const [stageMs, filters] = [
        await timeStages(model, backend, stages, pause),
        await filtersOf(model, backend),
      ];
      return { stages, stageMs, filters };
    },

    async inspect(picture, crop, nodes) {
      checkNodes(nodes);
      const gray = readCrop(picture, crop);
      const startMs = performance.now();
      const [packed, ...maps] = await run([gray], 1, [manifest.output.packed, ...nodes]);
      const networkMs = performance.now() - startMs;
      const sheets = maps.map(({ values, shape }, i) => {
        if (shape.length !== 4)
          throw new EngineError(
            'bad-option',
            `model ${manifest.id}: node ${nodes[i]} gives (${shape.join(', ')}), not maps (1, height, width, channels)`,
          );
        return sheetOf(nodes[i], values, shape, nodes[i] === manifest.output.heatmaps);
      });
      const { points, spread, presence } = unpack(packed.values, 0, crop, manifest);
      return { points, spread, presence, crop, gray: Uint8Array.from(gray, Math.round), sheets, networkMs };
    },

    async probe(picture, crop, disturbances, withGray, pause) {
      const size = backend.name === 'cpu' ? 1 : PROBES_AT_ONCE;
      const undisturbed = readCrop(picture, crop);
      const probes: Probe[] = [];
      for (let from = 0; from < disturbances.length; from += size) {
        await pause();
        const batch = disturbances.slice(from, from + size).map((disturbance) => {
          const moved = disturbCrop(crop, manifest.input, disturbance);
          const gray = moved === crop ? undisturbed : readCrop(picture, moved);
          return { moved, gray: disturbPixels(gray, manifest.input, disturbance) };
        });
        const grays = batch.map(({ gray }) => gray);
        const [packed] = await run(grays, size, [manifest.output.packed]);
        const length = packedLength(manifest);
        batch.forEach(({ moved, gray }, i) => {
          const one = packed.values.subarray(i * length, (i + 1) * length);
          const { points, spread, presence } = unpack(one, 0, moved, manifest);
          probes.push({
            points,
            spread,
            presence,
            gray: withGray ? Uint8Array.from(gray, Math.round) : null,
          });
        });
      }
      return probes;
    },
  };
}
