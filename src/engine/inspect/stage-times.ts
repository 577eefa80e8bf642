/** How long each stage takes by itself, from tensors that the stages before it gave. */

import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import type { Model } from '../model/graph-model';
import type { Stage } from './types';

const RUNS = 5;

/**
 * Median of `RUNS` runs of each stage for one face, ms. On a GPU each run ends with a read of one value, whose own time is taken
 * off; a stage shorter than that cannot be told from 0.
 * @param pause awaited before each stage; it may throw to end the call.
 */
export async function timeStages(
  { graph, manifest }: Pick<Model, 'graph' | 'manifest'>,
  backend: Backend,
  stages: readonly Stage[],
  pause: () => Promise<void>,
): Promise<number[]> {
  const { name: inputName, width, height } = manifest.input;
  // Whatever one stage gives another is kept for as long as the measurement lasts.
  const names = stages.flatMap(({ nodes }) => nodes);
  const kept = tf.tidy(() => {
    const input = tf.zeros([1, height, width, 1]);
    const outputs = graph.execute({ [inputName]: input }, names) as tf.Tensor[];
    return { ...Object.fromEntries(names.map((name, i) => [name, outputs[i]])), [inputName]: input };
  });
  /** Until the GPU is done: it computes in the background. */
  const settle = async (tensor: tf.Tensor) => {
    if (backend.readsPixels) return;
    const one = tf.tidy(() => tf.slice(tf.reshape(tensor, [-1]), 0, 1));
    await backend.read(one);
    one.dispose();
  };
  try {
    const readMs = await median(() => settle(kept[inputName]));
    const times: number[] = [];
    for (const { node, nodes } of stages) {
      await pause();
      const feeds = Object.fromEntries(Object.entries(kept).filter(([name]) => !nodes.includes(name)));
      const run = async () => {
        const output = tf.tidy(() => graph.execute(feeds, node) as tf.Tensor);
        await settle(output);
        output.dispose();
      };
      // The first run makes plans and compiles shaders.
      await run();
      times.push(Math.max(0, (await median(run)) - readMs));
    }
    return times;
  } finally {
    tf.dispose(kept);
  }
}

async function median(run: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const startMs = performance.now();
    await run();
    times.push(performance.now() - startMs);
  }
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)];
}
