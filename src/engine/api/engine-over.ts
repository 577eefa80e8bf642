/**
 * An `Engine` over a pipeline on this thread or in a worker: order, checks, pictures, disposal.
 *
 * To add a call, declare it in `engine.ts`, check it here, and do its work in `pipeline/pipeline.ts`; nothing between the two knows
 * the calls by name.
 */

import { EngineError } from '../errors';
import { checkArray, checkOptions, checkText } from '../bad-option';
import { checkBoxes, checkCallOptions, checkCrop, checkDetectOptions, checkTuning } from '../options';
import { checkSignalPoints } from '../signals/told';
import type { HandedPicture, Pipeline } from '../pipeline/types';
import type { CallOptions, DetectOptions, EngineMemory, ThreadName } from '../types';
import type { Engine } from './engine';
import { learnOver } from './learn';
import { DISPOSE_GRACE_MS } from './limits';
import type { Link } from './link';
import { checkFrame, checkOpen, isBitmap, openPicture, ownPicture, reading } from './pictures';
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

  /** Runs a call on the picture once its options and `check` have passed. */
  async function onPicture<T>(
    image: ImageBitmapSource,
    options: DetectOptions,
    check: () => void,
    run: (picture: HandedPicture) => Promise<T>,
  ): Promise<T> {
    checkOptions(options);
    const { signal } = options;
    let picture = options.transfer && isBitmap(image) ? ownPicture(image) : null;
    try {
      if (isBitmap(image)) checkOpen(image, 'picture');
      checkAlive();
      checkDetectOptions(options);
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
    return reading('picture', () => enqueue(() => run(hand()), { signal }, drop), drop);
  }

  const activations: Engine['activations'] = (image, box, node, options = {}) => {
    const check = () => {
      checkBoxes([box]);
      checkText('node', node);
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
      const search = (picture: HandedPicture) => {
        const { maxFaces, thorough } = options;
        return pipeline.detect(picture, { maxFaces, thorough });
      };
      return onPicture(image, options, () => {}, search);
    },
    landmarks(image, boxes, options = {}) {
      const check = () => checkBoxes(boxes);
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
        checkCrop(crop);
        checkArray('nodes', nodes, 'names');
      };
      return onPicture(image, options, check, (picture) => pipeline.inspect(picture, crop, nodes));
    },
    probe(image, crop, disturbances, options = {}) {
      const check = () => {
        checkCrop(crop);
        checkArray('disturbances', disturbances, 'disturbances');
      };
      return onPicture(image, options, check, (picture) =>
        pipeline.probe(picture, crop, disturbances, options.withGray ?? false),
      );
    },
    async track(frame, timeMs, options = {}) {
      checkFrame(frame);
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
      if (hasRoom())
        return reading('frame', () => enqueue(() => pipeline.track(hand(), timeMs), options, drop), drop);
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
      const { maxFaces, smoothing, signals, gaze, fieldOfViewDeg, newcomerIntervalMs } = tuning;
      // Nothing else: a worker may not take what else a caller's object holds.
      const picked = { maxFaces, smoothing, signals, gaze, fieldOfViewDeg, newcomerIntervalMs };
      return enqueue(() => pipeline.tune(picked), options);
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
