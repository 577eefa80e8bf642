/**
 * An `Engine` over a pipeline on this thread or in a worker: order, checks, pictures, disposal.
 *
 * To add a call, declare it in `engine.ts`, check it here, and do its work in `pipeline/pipeline.ts`; nothing between the two knows
 * the calls by name.
 */

import { EngineError } from '../errors';
import { checkBoxes, checkCallOptions, checkCrop, checkDetectOptions, checkTuning } from '../options';
import { checkSignalPoints } from '../signals/told';
import type { HandedPicture, Pipeline } from '../pipeline/pipeline';
import type { CallOptions, DetectOptions, EngineMemory, ThreadName } from '../types';
import type { Engine } from './engine';
import { learnOver } from './learn';
import { DISPOSE_GRACE_MS } from './limits';
import type { Link } from './link';
import { isBitmap, openPicture, ownPicture } from './pictures';
import { createQueue } from './queue';

/** Where a pipeline runs, and why. */
export interface Place {
  readonly thread: ThreadName;
  readonly threadReason: string;
}

export function createEngineOver(pipeline: Pipeline, link: Link, place: Place): Engine {
  const queue = createQueue();
  let disposal: Promise<void> | null = null;
  /** What was left once it was disposed of: nothing unless there is a leak. */
  let left: EngineMemory = { tensors: 0, gpuBytes: null };
  const describe = () => ({ of: link.state!.info, info: { ...link.state!.info, ...place } });
  let described = describe();

  const disposed = () => new EngineError('disposed', 'engine: was disposed and cannot be used any more');

  function checkAlive(): void {
    if (disposal) throw disposed();
  }

  function enqueue<T>(run: () => Promise<T>, { signal }: CallOptions, drop = () => {}): Promise<T> {
    const interrupt = () => void pipeline.abort().catch(() => {});
    return queue.add({ run: () => link.guard(run()), interrupt, drop, signal });
  }

  /** Steps of learning in the queue: a frame that comes meanwhile waits for them instead of being dropped. */
  let learnSteps = 0;
  const hasRoom = () => queue.size <= learnSteps;

  async function enqueueLearnStep<T>(run: () => Promise<T>, drop?: () => void): Promise<T> {
    learnSteps++;
    try {
      return await enqueue(run, {}, drop);
    } finally {
      learnSteps--;
    }
  }

  /** Runs a call on the picture once `check` has passed. */
  async function onPicture<T>(
    image: ImageBitmapSource,
    { signal, transfer = false }: DetectOptions,
    check: () => void,
    run: (picture: HandedPicture) => Promise<T>,
  ): Promise<T> {
    let picture = transfer && isBitmap(image) ? ownPicture(image) : null;
    try {
      checkAlive();
      check();
      signal?.throwIfAborted();
      picture ??= await openPicture(image, place.thread);
      // Decoding takes a while; meanwhile the engine may have been disposed, or the call aborted.
      checkAlive();
      signal?.throwIfAborted();
    } catch (error) {
      picture?.drop();
      throw error;
    }
    const { drop, hand } = picture;
    return enqueue(() => run(hand()), { signal }, drop);
  }

  const activations: Engine['activations'] = (image, box, node, options = {}) => {
    const check = () => {
      checkCallOptions(options);
      checkBoxes([box]);
    };
    return onPicture(image, options, check, (picture) => pipeline.activations(picture, box, node));
  };

  async function disposeOf(): Promise<void> {
    queue.clear(disposed());
    const end = async () => {
      await queue.idle();
      if (!link.hasEnded) left = await link.guard(pipeline.dispose());
    };
    try {
      await Promise.race([end(), new Promise((resolve) => setTimeout(resolve, DISPOSE_GRACE_MS))]);
    } finally {
      link.end(disposed());
    }
  }

  return {
    get info() {
      if (described.of !== link.state!.info) described = describe();
      return described.info;
    },
    get busy() {
      return !hasRoom();
    },
    get lost() {
      return disposal !== null || link.hasEnded || link.state!.lost;
    },
    detect(image, options = {}) {
      const { maxFaces, thorough } = options;
      const check = () => checkDetectOptions(options);
      return onPicture(image, options, check, (picture) => pipeline.detect(picture, { maxFaces, thorough }));
    },
    landmarks(image, boxes, options = {}) {
      const check = () => {
        checkCallOptions(options);
        checkBoxes(boxes);
      };
      return onPicture(image, options, check, (picture) => pipeline.landmarks(picture, boxes));
    },
    signals(image, faces, options = {}) {
      const check = () => {
        checkCallOptions(options);
        checkSignalPoints(faces);
      };
      return onPicture(image, options, check, (picture) => pipeline.signals(picture, faces));
    },
    async heatmaps(image, box, options) {
      checkAlive();
      const { id, output } = link.state!.info.manifest;
      if (!output.heatmaps) throw new EngineError('bad-option', `model ${id}: has no heatmaps`);
      return activations(image, box, output.heatmaps, options);
    },
    activations,
    async network(options = {}) {
      checkAlive();
      checkCallOptions(options);
      return enqueue(() => pipeline.network(), options);
    },
    inspect(image, crop, nodes, options = {}) {
      const check = () => {
        checkDetectOptions(options);
        checkCrop(crop);
      };
      return onPicture(image, options, check, (picture) => pipeline.inspect(picture, crop, nodes));
    },
    probe(image, crop, disturbances, { withGray = false, ...options } = {}) {
      const check = () => {
        checkCallOptions(options);
        checkCrop(crop);
      };
      return onPicture(image, options, check, (picture) =>
        pipeline.probe(picture, crop, disturbances, withGray),
      );
    },
    async track(frame, timeMs, options = {}) {
      try {
        checkAlive();
        checkCallOptions(options);
        options.signal?.throwIfAborted();
        if (!Number.isFinite(timeMs))
          throw new EngineError('bad-option', `timeMs: must be a number, is ${timeMs}`);
      } catch (error) {
        frame.close();
        throw error;
      }
      const { hand, drop } = ownPicture(frame);
      if (hasRoom()) return enqueue(() => pipeline.track(hand(), timeMs), options, drop);
      drop();
      return null;
    },
    async learn(request, options = {}) {
      checkAlive();
      checkCallOptions(options);
      return learnOver(pipeline, enqueueLearnStep, place.thread, request, options);
    },
    async tune(tuning, options = {}) {
      checkAlive();
      checkTuning(tuning);
      checkCallOptions(options);
      return enqueue(() => pipeline.tune(tuning), options);
    },
    async calibrate(options = {}) {
      checkAlive();
      checkCallOptions(options);
      return enqueue(() => pipeline.calibrate(), options);
    },
    async reset(options = {}) {
      checkAlive();
      checkCallOptions(options);
      return enqueue(() => pipeline.reset(), options);
    },
    // Queued: within a call there are tensors on their way.
    async memory(options = {}) {
      checkCallOptions(options);
      if (!disposal) return enqueue(() => pipeline.memory(), options);
      await disposal;
      return left;
    },
    dispose() {
      disposal ??= disposeOf();
      return disposal;
    },
  };
}
