/** Everything the engine does, on whichever thread it is called: one call at a time, all in plain data. */

import type { GpuProbe } from '../backend/capabilities';
import { fetchBackend } from '../backend/select';
import { detectFaces, type FaceResult } from '../detect/multi-scale';
import { EngineError, toEngineError } from '../errors';
import { cropOfBox } from '../geometry';
import type { Disturbance, Inspection, Network, Probe } from '../inspect/types';
import type { Picture } from '../landmark/crop';
import { shownPoints, type Prediction } from '../landmark/landmarker';
import type { PipelineOptions } from '../options';
import { loadExpression } from '../signals/expression';
import { hasSignals, signalsOfStill } from '../signals/face-signals';
import { taughtManifest } from '../teach/manifest';
import { createStopwatch, type Stopwatch } from '../timings';
import { createTracker } from '../track/tracker';
import type {
  Activations,
  Affine,
  BackendName,
  Box,
  DetectOptions,
  DetectorName,
  EngineMemory,
  Face,
  Manifest,
  Progress,
  Result,
  Tuning,
} from '../types';
import { batchesOf } from './batches';
import { downloadModels } from './download';
import { createLearning, type Learning, type LearnStart, type LearnStep, type Mark } from './learning';
import { openNetworks, reopenNetworks, warmUp, type NetworksPlan } from './networks';
import { createPause, type Pause } from '../pauses';

export interface PipelineInfo {
  readonly backend: BackendName;
  readonly backendReason: string;
  readonly detector: DetectorName;
  readonly manifest: Manifest;
}

export interface PipelineState {
  /** Another object when the pipeline had to move to another backend. */
  readonly info: PipelineInfo;
  /** True once its GPU is gone for good. */
  readonly lost: boolean;
}

/** What a pipeline tells whoever made it. */
export interface PipelineEvents {
  /** Of its making. */
  onProgress(progress: Progress): void;
  /** A sign of life within a call. */
  onAlive(): void;
  /** Once before it is there, then at each change; awaited before the call at work answers. */
  onState(state: PipelineState): void | Promise<void>;
}

/** A picture for one call. */
export interface HandedPicture {
  readonly bitmap: ImageBitmap;
  /** Whether the pipeline closes it once the call has ended, also when that throws. */
  readonly close: boolean;
}

/** The work behind each call of `Engine`. Calls must not overlap, except `abort`. */
export interface Pipeline {
  detect(picture: HandedPicture, options: Pick<DetectOptions, 'maxFaces' | 'thorough'>): Promise<Result>;
  landmarks(picture: HandedPicture, boxes: readonly Box<'image'>[]): Promise<Result>;
  activations(picture: HandedPicture, box: Box<'image'>, node: string): Promise<Activations>;
  network(): Promise<Network>;
  inspect(
    picture: HandedPicture,
    crop: Affine<'image', 'crop'>,
    nodes: readonly string[],
  ): Promise<Inspection>;
  probe(
    picture: HandedPicture,
    crop: Affine<'image', 'crop'>,
    disturbances: readonly Disturbance[],
    withGray: boolean,
  ): Promise<Probe[]>;
  track(picture: HandedPicture, timeMs: number): Promise<Result>;
  tune(tuning: Tuning): Promise<void>;
  calibrate(): Promise<void>;
  reset(): Promise<void>;
  /** Learning begins, in place of what was begun before. The calls after it are made until each is done. */
  learnStart(start: LearnStart): Promise<void>;
  learnFrom(picture: HandedPicture, mark: Mark): Promise<void>;
  learnRead(): Promise<number>;
  learnStep(): Promise<LearnStep>;
  learnEnd(): Promise<void>;
  memory(): Promise<EngineMemory>;
  /** Ends the call under way before its next pass of a network; it then rejects. */
  abort(): Promise<void>;
  /** Calling it twice is fine. @returns what is left. */
  dispose(): Promise<EngineMemory>;
}

/** A driver that restarts may take the context away twice in a row; one that takes every context is left alone. */
const MAX_REBUILDS = 2;

/** What one call has to itself. */
interface Context {
  readonly watch: Stopwatch;
  readonly pause: Pause;
}

/** @param signal ends the making of it. @param probing of this thread's GPU, where that is under way */
export async function createPipeline(
  options: PipelineOptions,
  events: PipelineEvents,
  signal?: AbortSignal,
  probing?: Promise<GpuProbe>,
): Promise<Pipeline> {
  const { maxFaces, smoothing, signals, fieldOfViewDeg } = options;
  // Before anything is held that a failed download would leave behind.
  const [files, , probe] = await Promise.all([
    downloadModels(options, events.onProgress, signal),
    signals ? loadExpression() : undefined,
    fetchBackend({ wanted: options.backend, unfit: new Map(options.hung), wasm: options.wasm, probing }),
  ]);
  let tuning: Required<Tuning> = { maxFaces, smoothing, signals, fieldOfViewDeg };
  const plan = (onProgress: (progress: Progress) => void): NetworksPlan => {
    const { backend: wanted, wasm, cache, hung } = options;
    const memory = cache && `${cache}-self-tests`;
    return { files, wanted, wasm, maxFaces: tuning.maxFaces, hung: new Map(hung), memory, onProgress };
  };
  const reportAlive = () => events.onAlive();
  const report = (progress: Progress) => {
    signal?.throwIfAborted();
    events.onProgress(progress);
  };
  let networks = await openNetworks({ ...plan(report), probe });
  const { manifest } = networks.model;
  const { taught } = files;
  const shown = taught ? taughtManifest(taught, manifest) : manifest;
  const describe = (): PipelineInfo => {
    const { backend } = networks;
    const detector = files.detector.name;
    return { backend: backend.name, backendReason: backend.reason, detector, manifest: shown };
  };
  await events.onState({ info: describe(), lost: false });
  let abortion = new AbortController();
  let isDisposed = false;

  let learning: Learning | null = null;

  function learningNow(): Learning {
    if (!learning) throw new EngineError('internal', 'learning: was not started');
    return learning;
  }

  const startCall = (): Context => {
    abortion = new AbortController();
    return { watch: createStopwatch(), pause: createPause(abortion.signal, reportAlive) };
  };
  let context = startCall();

  const tracker = createTracker(
    {
      async detect(picture, watch) {
        await context.pause();
        return watch.timeAsync('detectMs', () => networks.detector.detect(picture));
      },
      async detectCloser(picture, look, watch) {
        await context.pause();
        return watch.timeAsync('detectMs', () => networks.detector.detectCloser(picture, look));
      },
      async landmarks(picture, crops, watch) {
        await context.pause();
        return networks.landmarker.landmarks(picture, crops, watch);
      },
    },
    { ...manifest, taught: taught?.info },
    tuning,
  );

  /** Runs one call on the picture and closes it. A lost context is rebuilt, and the call made again. */
  async function onPicture<T>(
    { bitmap, close }: HandedPicture,
    run: (picture: Picture, context: Context) => Promise<T>,
  ): Promise<T> {
    context = startCall();
    try {
      if (bitmap.width === 0 || bitmap.height === 0)
        throw new EngineError('bad-image', 'picture: has no pixels, or was closed already');
      await networks.backend.use();
      for (let rebuilds = 0; ; rebuilds++) {
        try {
          return await run(bitmap, context);
        } catch (error) {
          if (rebuilds === MAX_REBUILDS || !(await networks.backend.isLost()))
            throw toEngineError(error, 'frame');
          await rebuild();
        }
      }
    } finally {
      if (close) bitmap.close();
    }
  }

  /** The faces that `find` finds in the picture. */
  function facesIn(
    picture: HandedPicture,
    timeMs: number,
    find: (picture: Picture, context: Context) => Promise<Face[]>,
  ): Promise<Result> {
    return onPicture(picture, async (bitmap, call) => {
      const { width, height } = bitmap;
      const faces = await find(bitmap, call);
      return { timeMs, faces, timings: call.watch.timings(), width, height };
    });
  }

  async function rebuild(): Promise<void> {
    const info = describe();
    networks.dispose();
    try {
      networks = await reopenNetworks(plan(reportAlive), networks);
    } catch (thrown) {
      await events.onState({ info, lost: true });
      throw thrown;
    }
    await events.onState({ info: describe(), lost: false });
  }

  /** All crops, in batches. */
  async function predict(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    { watch, pause }: Context,
  ): Promise<Prediction[]> {
    const { readsPixels, name } = networks.backend;
    const predictions: Prediction[] = [];
    const warm = readsPixels ? null : tuning.maxFaces;
    // Plain JavaScript takes seconds a face, and gains nothing by a batch.
    for (const { from, faces, size } of batchesOf(crops.length, warm, name === 'cpu' ? 1 : undefined)) {
      await pause();
      const batch = crops.slice(from, from + faces);
      predictions.push(...(await networks.landmarker.landmarks(picture, batch, watch, size)));
    }
    return predictions;
  }

  async function detect(
    picture: Picture,
    search: Pick<DetectOptions, 'maxFaces' | 'thorough'>,
    call: Context,
  ): Promise<Face[]> {
    const found = await detectFaces(
      {
        async detectTile(tile, minScore) {
          await call.pause();
          return call.watch.timeAsync('detectMs', () =>
            networks.detector.detectTile(picture, tile, minScore),
          );
        },
        predict: (crops) => predict(picture, crops, call),
      },
      manifest,
      picture,
      search,
    );
    return toFaces(found, picture, call);
  }

  async function landmarks(picture: Picture, boxes: readonly Box<'image'>[], call: Context): Promise<Face[]> {
    const crops = boxes.map((box) => cropOfBox(box, manifest));
    const predictions = await predict(picture, crops, call);
    const found = predictions.map((prediction) => ({ prediction, score: prediction.presence ?? 1 }));
    return toFaces(found, picture, call);
  }

  /** Those of a still, with their signals where these are wanted. */
  function toFaces(found: readonly Found[], { width, height }: Picture, { watch }: Context): Face[] {
    const faces = found.map(toFace);
    if (!tuning.signals || !hasSignals(shown.scheme)) return faces;
    const camera = { width, height, fieldOfViewDeg: tuning.fieldOfViewDeg };
    return watch.time('filterMs', () =>
      faces.map((face) => {
        const told = signalsOfStill(face.points, face.spread, camera);
        return told ? { ...face, signals: told } : face;
      }),
    );
  }

  return {
    detect: (picture, search) => facesIn(picture, 0, (bitmap, call) => detect(bitmap, search, call)),
    landmarks: (picture, boxes) => facesIn(picture, 0, (bitmap, call) => landmarks(bitmap, boxes, call)),
    activations: (picture, box, node) =>
      onPicture(picture, async (bitmap, { watch, pause }) => {
        await pause();
        return networks.landmarker.activations(bitmap, cropOfBox(box, manifest), node, watch);
      }),
    async network() {
      const { pause } = (context = startCall());
      await networks.backend.use();
      return networks.inspector.network(pause);
    },
    inspect: (picture, crop, nodes) =>
      onPicture(picture, async (bitmap, { pause }) => {
        await pause();
        return networks.inspector.inspect(bitmap, crop, nodes);
      }),
    probe: (picture, crop, disturbances, withGray) =>
      onPicture(picture, (bitmap, { pause }) =>
        networks.inspector.probe(bitmap, crop, disturbances, withGray, pause),
      ),
    track: (picture, timeMs) =>
      facesIn(picture, timeMs, (bitmap, { watch }) => tracker.track(bitmap, timeMs, watch)),
    async tune(next) {
      const { pause } = (context = startCall());
      if (next.signals) await loadExpression();
      const isMore = (next.maxFaces ?? 0) > tuning.maxFaces;
      tuning = {
        maxFaces: next.maxFaces ?? tuning.maxFaces,
        smoothing: next.smoothing ?? tuning.smoothing,
        signals: next.signals ?? tuning.signals,
        fieldOfViewDeg: next.fieldOfViewDeg ?? tuning.fieldOfViewDeg,
      };
      tracker.tune(tuning);
      if (!isMore) return;
      await networks.backend.use();
      await warmUp(networks, tuning.maxFaces, reportAlive, pause);
    },
    async calibrate() {
      tracker.calibrate();
    },
    async reset() {
      tracker.reset();
    },
    async learnStart(start) {
      learning?.dispose();
      learning = createLearning(start, networks.model, files.base, taught !== null);
    },
    async learnFrom({ bitmap }, mark) {
      learningNow().add(bitmap, mark);
    },
    async learnRead() {
      context = startCall();
      await networks.backend.use();
      return learningNow().read(networks.landmarker, context.watch);
    },
    learnStep: async () => learningNow().step(),
    async learnEnd() {
      learning?.dispose();
      learning = null;
    },
    memory: async () => networks.backend.memory(),
    async abort() {
      abortion.abort();
    },
    async dispose() {
      if (!isDisposed) networks.dispose();
      isDisposed = true;
      return networks.backend.memory();
    },
  };
}

type Found = Pick<FaceResult, 'prediction' | 'score'>;

function toFace({ prediction, score }: Found, index: number): Face {
  const { box } = prediction;
  return { ...shownPoints(prediction), box, score, id: index + 1 };
}
