/** The first runs of networks, in which a GPU compiles their shaders. */

import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import type { Detector } from '../detect/detector';
import type { Progress } from '../types';

/** A network whose batches hold a number of faces. */
export interface PerFace {
  dryRun(faces: number): Tensor;
  runIdle(faces: number): Promise<void>;
}

export interface WarmUp {
  readonly backend: Pick<Backend, 'readsPixels' | 'compile'>;
  /** Where it is to be warmed up as well. */
  readonly detector?: Pick<Detector, 'dryRun' | 'selfTestAnswers'>;
  readonly perFace: readonly PerFace[];
}

/**
 * Each number of faces is a batch of its own shape, and so has shaders of its own. A CPU has nothing to compile: there one pass
 * tells whether the model's numbers are sound, and the detector's first pass is that over the first frame.
 * @param pause awaited before each step; it may throw to end the warm-up.
 * @returns the detector's answers of the self-test, as its first run is on that drawing; null on a CPU, and without it.
 */
export async function warmUp(
  { backend, detector, perFace }: WarmUp,
  maxFaces: number,
  onProgress: (progress: Progress) => void,
  pause: () => Promise<void> = async () => {},
): Promise<Float32Array | null> {
  const counts = backend.readsPixels ? [1] : Array.from({ length: maxFaces }, (_, i) => i + 1);
  await backend.compile(
    () => [
      ...(detector ? [detector.dryRun()] : []),
      ...perFace.flatMap((network) => counts.map((count) => network.dryRun(count))),
    ],
    (done, total) => onProgress({ kind: 'shaders', done, total }),
  );
  const tested = backend.readsPixels ? undefined : detector;
  const total = Number(tested !== undefined) + perFace.length * counts.length;
  let done = 0;
  async function step<T>(run: () => Promise<T>): Promise<T> {
    await pause();
    const value = await run();
    onProgress({ kind: 'warm-up', done: ++done, total });
    return value;
  }
  onProgress({ kind: 'warm-up', done, total });
  const answers = tested ? await step(() => tested.selfTestAnswers()) : null;
  for (const network of perFace) for (const count of counts) await step(() => network.runIdle(count));
  return answers;
}
