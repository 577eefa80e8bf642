/** Everything the engine does, on whichever thread it is called: one call at a time, all in plain data. */

import type { GpuProbe } from '../backend/capabilities';
import { fetchBackend } from '../backend/select';
import { EngineError, toEngineError } from '../errors';
import { cropOfBox } from '../geometry';
import type { Picture } from '../landmark/crop';
import { mergeTuning, type PipelineOptions } from '../options';
import { loadExpression } from '../signals/expression';
import { taughtManifest } from '../teach/manifest';
import { createStopwatch } from '../timings';
import { createTracker } from '../track/tracker';
import type { Face, Progress, Result, Tuning } from '../types';
import { downloadModels } from './download';
import { eyesOf, fetchEye, withEyes } from './eyes';
import { createLearning, type Learning } from './learning';
import { openNetworks, reopenNetworks, type NetworksPlan } from './networks';
import { createStills, type Call } from './stills';
import type { HandedPicture, Pipeline, PipelineEvents, PipelineInfo } from './types';
import { warmUp } from './warm-up';
import { createPause, type Pause } from '../pauses';

/** A driver that restarts may take the context away twice in a row; one that takes every context is left alone. */
const MAX_REBUILDS = 2;

/** @param signal ends the making of it. @param probing of this thread's GPU, where that is under way */
export async function createPipeline(
  options: PipelineOptions,
  events: PipelineEvents,
  signal?: AbortSignal,
  probing?: Promise<GpuProbe>,
): Promise<Pipeline> {
  const { maxFaces, smoothing, signals, gaze, fieldOfViewDeg, newcomerIntervalMs } = options;
  // Before anything is held that a failed download would leave behind.
  const [downloaded, , probe] = await Promise.all([
    downloadModels(options, events.onProgress, signal),
    signals ? loadExpression() : undefined,
    fetchBackend({ wanted: options.backend, unfit: new Map(options.hung), wasm: options.wasm, probing }),
  ]);
  let files = downloaded;
  let tuning: Required<Tuning> = {
    ...{ maxFaces, smoothing, signals, gaze, fieldOfViewDeg, newcomerIntervalMs },
  };
  /** The networks are warm for batches of up to so many faces, also while fewer are wanted. */
  let warmFaces = maxFaces;
  const plan = (onProgress: (progress: Progress) => void) => {
    const { backend: wanted, wasm, cache, hung } = options;
    const memory = cache && `${cache}-self-tests`;
    const now = { ...files, eye: tuning.gaze ? files.eye : null };
    return {
      files: now,
      wanted,
      wasm,
      maxFaces: warmFaces,
      hung: new Map(hung),
      memory,
      onProgress,
    } satisfies NetworksPlan;
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

  const startCall = (): Call => {
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
      async eyes(picture, faces, watch) {
        await context.pause();
        return eyesOf(networks).read(picture, faces, watch);
      },
    },
    { ...manifest, taught: taught?.info },
    tuning,
  );

  /** Runs one call on the picture and closes it. A lost context is rebuilt, and the call made again. */
  async function onPicture<T>(
    { bitmap, close }: HandedPicture,
    run: (picture: Picture, context: Call) => Promise<T>,
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
    find: (picture: Picture, context: Call) => Promise<Face[]>,
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

  /** Gaze is asked for: from now on the networks have that of the eyes, also once they are rebuilt. */
  async function addEyes(maxFaces: number, pause: Pause): Promise<void> {
    const { signal } = abortion;
    const eye = files.eye ?? (await fetchEye(options, reportAlive, signal));
    files = { ...files, eye };
    if (networks.eyes) return;
    signal.throwIfAborted();
    const { wasm, memory, onProgress } = plan(reportAlive);
    networks = await withEyes(networks, eye, { maxFaces, wasm, memory, onProgress, pause });
  }

  const stills = createStills(() => ({ networks, tuning }), shown.scheme);

  return {
    detect: (picture, search) => facesIn(picture, 0, (bitmap, call) => stills.detect(bitmap, search, call)),
    landmarks: (picture, boxes) =>
      facesIn(picture, 0, (bitmap, call) => stills.landmarks(bitmap, boxes, call)),
    signals: (picture, faces) => onPicture(picture, (bitmap, call) => stills.signals(bitmap, faces, call)),
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
      const wanted = mergeTuning(tuning, next);
      if (wanted.signals) await loadExpression();
      const { eyes } = networks;
      if (wanted.gaze) await addEyes(Math.max(wanted.maxFaces, warmFaces), pause);
      tuning = wanted;
      tracker.tune(tuning);
      if (tuning.maxFaces <= warmFaces) return;
      const { backend, detector, landmarker } = networks;
      await backend.use();
      // Those that came with this call are warm already.
      const perFace = eyes ? [landmarker, eyes] : [landmarker];
      await warmUp({ backend, detector, perFace }, tuning.maxFaces, reportAlive, pause);
      warmFaces = tuning.maxFaces;
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
      abortion.abort();
      if (!isDisposed) networks.dispose();
      isDisposed = true;
      return networks.backend.memory();
    },
  };
}
