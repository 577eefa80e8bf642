/**
 * Mien's engine: 68 landmarks on every face of a picture or a video, in the browser. This folder is the library: it knows
 * no page and no framework.
 *
 * ```ts
 * const engine = await createEngine({ maxFaces: 2 });
 * const { faces } = await engine.detect(photo);                        // a picture
 * const result = await engine.track(await createImageBitmap(video), performance.now()); // a video, frame by frame
 * await engine.dispose();
 * ```
 */

import { startWorker, type WorkerHandle } from './client';
import type { CoreOptions } from './core';
import { toEngineError } from './errors';
import { createFront } from './front';
import { parseOptions, type Settings } from './options';
import { obstacleToWorker, probeGpu, reachesGpu } from './probe';
import type { Engine, EngineOptions, Progress } from './types';

export { checkModel, MODEL_LIMITS } from './check';
export { loadManifest, loadRegistry } from './download';
export { EngineError, type EngineErrorCode } from './errors';
export * from './geometry';
export { parseManifest, parseRegistry } from './manifest';
export type * from './types';

/**
 * Loads a model and the face detector, picks backend and thread, and warms the networks up.
 * @throws EngineError with a `code`: `bad-option`, `model-missing`, `download-failed`, `hash-mismatch`, `bad-registry`,
 * `bad-manifest`, `bad-model`, `no-backend`, `worker-failed`.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const settings = parseOptions(options, document.baseURI);
  const onProgress = options.onProgress ?? (() => {});
  if (settings.thread === 'page') return createOnPage(settings, onProgress, 'The page was asked for.');
  const opened = await openWorker(settings);
  if ('obstacle' in opened) return createOnPage(settings, onProgress, opened.obstacle);
  const { worker } = opened;
  try {
    const core = await worker.createCore(toCoreOptions(settings), onProgress);
    const asked = settings.thread === 'worker';
    return createFront(
      core,
      'worker',
      asked ? 'A worker was asked for.' : 'A worker leaves the page free to draw.',
    );
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

type Opened = { readonly worker: WorkerHandle } | { readonly obstacle: string };

/** A worker fit for the settings, or why the page has to do. A worker asked for by name that fails is an error. */
async function openWorker(settings: Settings): Promise<Opened> {
  let worker: WorkerHandle | null = null;
  try {
    worker = startWorker();
    const obstacle = settings.thread === 'worker' ? null : await findObstacle(worker, settings);
    if (obstacle === null) return { worker };
    worker.terminate();
    return { obstacle };
  } catch (error) {
    worker?.terminate();
    if (settings.thread === 'worker') throw toEngineError(error, 'worker');
    return {
      obstacle: `The page does the work, because a worker failed: ${toEngineError(error, 'worker').message}.`,
    };
  }
}

async function findObstacle(worker: WorkerHandle, { backend }: Settings): Promise<string | null> {
  const there = await worker.probe();
  // The page is asked only where its answer matters: a GPU context is not free.
  const enough = backend === 'wasm' || backend === 'cpu' || reachesGpu(there);
  return obstacleToWorker(there, enough ? there : await probeGpu(), backend);
}

async function createOnPage(
  settings: Settings,
  onProgress: (progress: Progress) => void,
  reason: string,
): Promise<Engine> {
  // Loaded here alone: where a worker does the work, the page needs nothing of tfjs.
  const { createCore } = await import('./core');
  return createFront(await createCore(toCoreOptions(settings), onProgress), 'page', reason);
}

function toCoreOptions({ thread: _, ...options }: Settings): CoreOptions {
  return options;
}
