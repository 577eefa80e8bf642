/** The `Engine` that callers hold, over a core on this thread or in a worker: order, dropping, checks, disposal. */

import type { Core } from './core';
import { EngineError } from './errors';
import { checkBoxes, checkDetectOptions, checkTuning } from './options';
import type { Box, Engine, ThreadName } from './types';

export function createFront(core: Core, thread: ThreadName, threadReason: string): Engine {
  let last: Promise<unknown> = Promise.resolve();
  let inFlight = 0;
  let disposal: Promise<void> | null = null;
  const describe = () => ({ of: core.info, info: { ...core.info, thread, threadReason } });
  let described = describe();

  /** After whatever is under way: the core does one thing at a time. */
  function enqueue<T>(run: () => Promise<T>): Promise<T> {
    inFlight++;
    const done = last.then(run).finally(() => inFlight--);
    last = done.catch(() => {});
    return done;
  }

  function checkAlive(): void {
    if (disposal) throw new EngineError('disposed', 'engine: was disposed and cannot be used any more');
  }

  /** A copy for the core to close. */
  async function toBitmap(image: ImageBitmapSource): Promise<ImageBitmap> {
    const bitmap = await createImageBitmap(image).catch((cause: unknown) => {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new EngineError('bad-image', `picture: cannot be decoded (${detail})`, { cause });
    });
    // Decoding takes a while; the engine may be gone by now.
    if (disposal) bitmap.close();
    checkAlive();
    return bitmap;
  }

  async function activations(image: ImageBitmapSource, box: Box<'image'>, node: string) {
    checkAlive();
    checkBoxes([box]);
    const bitmap = await toBitmap(image);
    return enqueue(() => core.activations(bitmap, box, node));
  }

  return {
    get info() {
      if (described.of !== core.info) described = describe();
      return described.info;
    },
    get busy() {
      return inFlight > 0;
    },
    get lost() {
      return disposal !== null || core.lost;
    },
    async detect(image, options = {}) {
      checkAlive();
      checkDetectOptions(options);
      const { signal } = options;
      signal?.throwIfAborted();
      const bitmap = await toBitmap(image);
      try {
        return await enqueue(async () => {
          if (signal?.aborted) bitmap.close();
          signal?.throwIfAborted();
          return core.detect(bitmap, options);
        });
      } catch (error) {
        // A search broken off fails in its own way; the caller is told by the signal's reason alone.
        signal?.throwIfAborted();
        throw error;
      }
    },
    async landmarks(image, boxes) {
      checkAlive();
      checkBoxes(boxes);
      const bitmap = await toBitmap(image);
      return enqueue(() => core.landmarks(bitmap, boxes));
    },
    async heatmaps(image, box) {
      checkAlive();
      const { id, output } = core.info.manifest;
      if (!output.heatmaps) throw new EngineError('bad-option', `model ${id}: has no heatmaps`);
      return activations(image, box, output.heatmaps);
    },
    activations,
    async track(frame, timeMs) {
      if (disposal || inFlight > 0 || !Number.isFinite(timeMs)) frame.close();
      checkAlive();
      if (!Number.isFinite(timeMs))
        throw new EngineError('bad-option', `timeMs: must be a number, is ${timeMs}`);
      return inFlight > 0 ? null : enqueue(() => core.track(frame, timeMs));
    },
    async tune(tuning) {
      checkAlive();
      checkTuning(tuning);
      return enqueue(() => core.tune(tuning));
    },
    async reset() {
      checkAlive();
      return enqueue(() => core.reset());
    },
    // In its turn: within a call there are tensors on their way.
    memory: () => enqueue(() => core.memory()),
    dispose() {
      disposal ??= enqueue(() => core.dispose());
      return disposal;
    },
  };
}
