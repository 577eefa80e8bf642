/** The kernels of the first convolution, which see the picture itself. */

import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import type { Model } from '../model/graph-model';
import type { Filters } from './types';

/** Null where the operation that reads the input is no convolution over one channel. */
export async function filtersOf(
  { topology, graph, manifest }: Model,
  backend: Backend,
): Promise<Filters | null> {
  const first = topology.find(({ inputs }) => inputs.includes(manifest.input.name));
  const kernel = first && (graph.weights[first.inputs[1]]?.[0] as Tensor | undefined);
  if (!first || kernel?.shape.length !== 4 || kernel.shape[2] !== 1) return null;
  const [height, width, , count] = kernel.shape;
  const values = await backend.read(kernel);
  const byFilter = Float32Array.from(values, (_, i) => {
    const [filter, cell] = [Math.floor(i / (width * height)), i % (width * height)];
    return values[cell * count + filter];
  });
  return { node: first.name, width, height, count, values: byFilter };
}
