/** Making an engine: a worker where one is fit, else the page. */

import { startWorker, type WorkerHandle } from './client';
import type { Engine } from './engine';
import { createEngineOver, type Place } from './engine-over';
import { UNRESPONSIVE_MS } from './limits';
import { createLink, type Link } from './link';
import { obstacleToWorker, probeGpu, reachesGpu } from '../backend/capabilities';
import { titleOf } from '../backend/titles';
import { EngineError, toEngineError } from '../errors';
import type { EngineFiles, WasmFiles } from '../files';
import { currentHost } from '../host';
import { parseOptions, type PipelineOptions, type Settings } from '../options';
import type { Pipeline } from '../pipeline/types';
import type { BackendName, EngineOptions, Progress } from '../types';

/** GPUs that hung a thread of this page, which `auto` passes over from then on, and why. */
const hung = new Map<BackendName, string>();

function onHung(backend: BackendName): void {
  if (backend === 'webgl' || backend === 'webgpu')
    hung.set(backend, `${titleOf(backend)} gave no sign of life for ${UNRESPONSIVE_MS / 1000} s`);
}

/** As `createEngine`. @param shipped those of the build that runs. */
export async function createEngineWith(shipped: EngineFiles, options: EngineOptions): Promise<Engine> {
  for (;;) {
    const before = hung.size;
    try {
      return await createOnce(shipped, options);
    } catch (error) {
      // The next backend has its turn where this one hung the thread, and was not asked for by name.
      const isHung = error instanceof EngineError && error.code === 'unresponsive' && hung.size > before;
      if (!isHung || (options.backend ?? 'auto') !== 'auto') throw error;
    }
  }
}

async function createOnce(shipped: EngineFiles, options: EngineOptions): Promise<Engine> {
  const baseUrl = currentHost().baseUrl();
  if (baseUrl === undefined)
    throw new EngineError(
      'no-backend',
      'engine: there is neither page nor worker here; in Node, import createEngine from mien/node',
    );
  const settings = parseOptions(options, baseUrl);
  const { onProgress = () => {}, signal } = options;
  signal?.throwIfAborted();
  const pipelineOptions = toPipelineOptions(settings, shipped.wasm);
  if (settings.thread === 'page')
    return createOnPage(pipelineOptions, onProgress, 'The page was asked for.', signal);
  const opened = await openWorker(shipped.worker, settings, onProgress, signal);
  if ('obstacle' in opened) return createOnPage(pipelineOptions, onProgress, opened.obstacle, signal);
  const { worker } = opened;
  const threadReason =
    settings.thread === 'worker' ? 'A worker was asked for.' : 'A worker leaves the page free to draw.';
  const create = () => worker.createPipeline(pipelineOptions);
  return start(create, worker.link, { thread: 'worker', threadReason }, signal);
}

/** The engine, once its pipeline is made; where that fails or is aborted, the link is ended. */
async function start(
  create: () => Promise<Pipeline>,
  link: Link,
  place: Place,
  signal: AbortSignal | undefined,
): Promise<Engine> {
  try {
    return createEngineOver(await withAbort(link, signal, () => link.guardStart(create())), link, place);
  } catch (error) {
    link.end(error);
    throw error;
  }
}

/** An abort of the signal ends the link with its reason while `run` is under way. */
async function withAbort<T>(link: Link, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  const onAbort = () => link.end(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    signal?.throwIfAborted();
    return await run();
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

type Opened = { readonly worker: WorkerHandle } | { readonly obstacle: string };

/** A worker fit for the settings, or why the page has to do. A worker asked for by name that fails is an error. */
async function openWorker(
  url: string,
  settings: Settings,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  let worker: WorkerHandle | null = null;
  try {
    worker = startWorker(url, onProgress, onHung);
    const { link } = worker;
    if (settings.thread === 'worker') return { worker };
    const obstacle = await withAbort(link, signal, () => findObstacle(worker!, settings));
    if (obstacle === null) return { worker };
    link.end(new EngineError('worker-failed', 'worker: is not used'));
    return { obstacle };
  } catch (error) {
    worker?.link.end(error);
    signal?.throwIfAborted();
    if (settings.thread === 'worker') throw toEngineError(error, 'worker');
    return {
      obstacle: `The page does the work, because a worker failed: ${toEngineError(error, 'worker').message}.`,
    };
  }
}

async function findObstacle(worker: WorkerHandle, { backend }: Settings): Promise<string | null> {
  const there = await worker.probe();
  // The page is probed only where its answer matters: a GPU context is not free.
  const isEnough = backend === 'wasm' || backend === 'cpu' || reachesGpu(there);
  return obstacleToWorker(there, isEnough ? there : await probeGpu(), backend);
}

async function createOnPage(
  options: PipelineOptions,
  onProgress: (progress: Progress) => void,
  threadReason: string,
  signal: AbortSignal | undefined,
): Promise<Engine> {
  // Loaded only here: where a worker does the work, the page needs nothing of tfjs.
  const { createPipeline } = await loadPipeline();
  let creating: Promise<Pipeline> | null = null;
  const stop = () => void creating?.then((pipeline) => pipeline.dispose()).catch(() => {});
  const link = createLink(onProgress, stop, onHung);
  const create = () => (creating = createPipeline(options, link.events, signal));
  return start(create, link, { thread: 'page', threadReason }, signal);
}

/** @throws EngineError where a deployment took the file away meanwhile, or in a service worker, which may not load code. */
async function loadPipeline(): Promise<typeof import('../pipeline/pipeline')> {
  try {
    return await import('../pipeline/pipeline');
  } catch (cause) {
    const { message } = cause as Error;
    throw new EngineError('download-failed', `engine: its code could not be loaded (${message})`, { cause });
  }
}

function toPipelineOptions({ thread: _, ...options }: Settings, wasm: WasmFiles): PipelineOptions {
  return { ...options, wasm, hung: [...hung] };
}
