/** The engine itself, on whichever thread it is called: one call at a time, each in plain data. The fronts add the rest. */

import type { Picture } from './canvas';
import { EngineError, toEngineError } from './errors';
import { cropOfBox } from './geometry';
import type { Prediction } from './landmarker';
import { downloadModels, openMachine, reopenMachine, warmUp, type Machine, type Plan } from './machine';
import { seekFaces, type Seen, type SeekingSight } from './seek';
import { createStopwatch, type Stopwatch } from './stopwatch';
import { createTracker, type Sight } from './tracker';
import type {
  Activations,
  Affine,
  BackendName,
  Box,
  DetectOptions,
  EngineMemory,
  Face,
  Manifest,
  ModelSource,
  Progress,
  Result,
  Tuning,
} from './types';

/** Options of `createEngine`, every one filled in. */
export interface CoreOptions {
  readonly model: string | ModelSource | undefined;
  /** Absolute, ends with a slash. */
  readonly modelsUrl: string;
  readonly cache: string | undefined;
  readonly backend: BackendName | 'auto';
  readonly maxFaces: number;
  readonly smoothing: number;
}

export interface CoreInfo {
  readonly backend: BackendName;
  readonly backendReason: string;
  readonly manifest: Manifest;
}

/** What a front talks to. Calls must not overlap. Every picture handed in is closed here, also when the call throws. */
export interface Core {
  /** Another object when the engine had to move to another backend. */
  readonly info: CoreInfo;
  /** True once its thread or its GPU is gone for good. */
  readonly lost: boolean;
  /** Breaks off once its signal is aborted. */
  detect(picture: ImageBitmap, options: DetectOptions): Promise<Result>;
  landmarks(picture: ImageBitmap, boxes: readonly Box<'image'>[]): Promise<Result>;
  activations(picture: ImageBitmap, box: Box<'image'>, node: string): Promise<Activations>;
  track(picture: ImageBitmap, timeMs: number): Promise<Result>;
  tune(tuning: Tuning): Promise<void>;
  reset(): Promise<void>;
  memory(): Promise<EngineMemory>;
  dispose(): Promise<void>;
}

/** A driver that restarts may take the context away twice in a row; one that takes every context is left alone. */
const MOST_REBUILDS = 2;

export async function createCore(
  options: CoreOptions,
  onProgress: (progress: Progress) => void,
): Promise<Core> {
  const files = await downloadModels(options, onProgress);
  let tuning = { maxFaces: options.maxFaces, smoothing: options.smoothing };
  const plan = (): Plan => ({ files, wanted: options.backend, maxFaces: tuning.maxFaces });
  let machine = await openMachine({ ...plan(), onProgress });
  const sight: Sight = {
    detect: (picture, watch) => watch.timeAsync('detectMs', () => machine.detector.detect(picture)),
    landmarks: (picture, crops, watch) => machine.landmarker.landmarks(picture, crops, watch),
  };
  const { manifest } = machine.model;
  let info = describe(machine);
  let lost = false;
  const tracker = createTracker(sight, manifest, tuning);

  /** Runs one call on the picture and closes it. A lost context is rebuilt, and the call made again. */
  async function onPicture<T>(picture: ImageBitmap, run: (watch: Stopwatch) => Promise<T>): Promise<T> {
    const watch = createStopwatch();
    try {
      if (picture.width === 0 || picture.height === 0)
        throw new EngineError('bad-image', 'picture: has no pixels, or was closed already');
      await machine.backend.use();
      for (let rebuilds = 0; ; rebuilds++) {
        try {
          return await run(watch);
        } catch (error) {
          if (rebuilds === MOST_REBUILDS || !(await machine.backend.isLost()))
            throw toEngineError(error, 'frame');
          await rebuild();
        }
      }
    } finally {
      picture.close();
    }
  }

  /** The faces that `find` sees in the picture. */
  function facesIn(
    picture: ImageBitmap,
    timeMs: number,
    find: (watch: Stopwatch) => Promise<Face[]>,
  ): Promise<Result> {
    return onPicture(picture, async (watch) => {
      const { width, height } = picture;
      const faces = await find(watch);
      return { timeMs, faces, timings: watch.timings(), width, height };
    });
  }

  async function rebuild(): Promise<void> {
    machine.dispose();
    try {
      machine = await reopenMachine(plan(), machine);
    } catch (thrown) {
      lost = true;
      throw thrown;
    }
    info = describe(machine);
  }

  async function seek(picture: Picture, options: DetectOptions, watch: Stopwatch): Promise<Face[]> {
    const seeking: SeekingSight = {
      look: (from, pane, lowestScore) =>
        watch.timeAsync('detectMs', () => machine.detector.look(from, pane, lowestScore)),
      landmarks: inBatches,
    };
    return (await seekFaces(seeking, manifest, picture, options, watch)).map(toFace);
  }

  /** As many faces at a time as the networks were warmed up for. */
  async function inBatches(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
    pause = async () => {},
  ): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    for (let from = 0; from < crops.length; from += tuning.maxFaces) {
      await pause();
      const batch = crops.slice(from, from + tuning.maxFaces);
      predictions.push(...(await sight.landmarks(picture, batch, watch)));
    }
    return predictions;
  }

  async function landmarksIn(
    picture: Picture,
    boxes: readonly Box<'image'>[],
    watch: Stopwatch,
  ): Promise<Face[]> {
    const crops = boxes.map((box) => cropOfBox(box, manifest));
    const predictions = await inBatches(picture, crops, watch);
    return predictions.map((prediction) => ({ prediction, score: prediction.presence ?? 1 })).map(toFace);
  }

  return {
    get info() {
      return info;
    },
    get lost() {
      return lost;
    },
    detect: (picture, options) => facesIn(picture, 0, (watch) => seek(picture, options, watch)),
    landmarks: (picture, boxes) => facesIn(picture, 0, (watch) => landmarksIn(picture, boxes, watch)),
    activations: (picture, box, node) =>
      onPicture(picture, (watch) =>
        machine.landmarker.activations(picture, cropOfBox(box, manifest), node, watch),
      ),
    track: (picture, timeMs) => facesIn(picture, timeMs, (watch) => tracker.track(picture, timeMs, watch)),
    async tune(next) {
      const more = (next.maxFaces ?? 0) > tuning.maxFaces;
      tuning = { maxFaces: next.maxFaces ?? tuning.maxFaces, smoothing: next.smoothing ?? tuning.smoothing };
      tracker.tune(tuning);
      if (!more) return;
      await machine.backend.use();
      await warmUp(machine, tuning.maxFaces, () => {});
    },
    async reset() {
      tracker.reset();
    },
    memory: async () => machine.backend.memory(),
    async dispose() {
      machine.dispose();
    },
  };
}

function describe({ backend, model }: Machine): CoreInfo {
  return { backend: backend.name, backendReason: backend.reason, manifest: model.manifest };
}

function toFace(seen: Pick<Seen, 'prediction' | 'score'>, index: number): Face {
  const { points, spread, box } = seen.prediction;
  return { points, spread, box, score: seen.score, id: index + 1 };
}
