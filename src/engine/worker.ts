/** The core in a worker. Errors travel as records, since structured clone would strip their code. */

import * as Comlink from 'comlink';
import { createCore, type Core, type CoreInfo, type CoreOptions } from './core';
import { EngineError, recordError, type ErrorRecord } from './errors';
import { holdLifeline } from './lifeline';
import { probeGpu, type GpuProbe } from './probe';
import type { Progress } from './types';

/** A value, with the core's description when that is another than was told before; or the error, and whether it is the last. */
export type Answer<T> =
  { readonly value: T; readonly info?: CoreInfo } | { readonly error: ErrorRecord; readonly lost: boolean };

type Answering<F> = F extends (...args: infer A) => Promise<infer R>
  ? (...args: A) => Promise<Answer<R>>
  : never;

/** The core's calls, each with an answer that is a value or an error. */
type CoreCalls = { [K in Exclude<keyof Core, 'info' | 'lost'>]: Answering<Core[K]> };

export interface WorkerApi extends CoreCalls {
  probe(): Promise<Answer<GpuProbe>>;
  /** Holds the lock of that name for as long as the worker lives. */
  live(lock: string): Promise<Answer<void>>;
  create(options: CoreOptions, onProgress: (progress: Progress) => void): Promise<Answer<void>>;
  /** Breaks off the `detect` under way; its signal stays behind on the page. */
  cancel(): void;
}

let core: Core | null = null;
let told: CoreInfo | null = null;
let detection = new AbortController();

async function answer<T>(run: () => Promise<T>): Promise<Answer<T>> {
  try {
    const value = await run();
    const info = core?.info ?? null;
    if (info === null || info === told) return { value };
    told = info;
    return { value, info };
  } catch (thrown) {
    return { error: recordError(thrown), lost: core?.lost ?? false };
  }
}

function created(): Core {
  if (!core) throw new EngineError('internal', 'worker: was called before create');
  return core;
}

const api: WorkerApi = {
  cancel: () => detection.abort(),
  probe: () => answer(probeGpu),
  live: (lock) => answer(() => holdLifeline(lock)),
  create: (options, onProgress) =>
    answer(async () => {
      core = await createCore(options, onProgress);
    }),
  detect(picture, options) {
    detection = new AbortController();
    const { signal } = detection;
    return answer(() => created().detect(picture, { ...options, signal }));
  },
  landmarks: (picture, boxes) => answer(() => created().landmarks(picture, boxes)),
  activations: (picture, box, node) => answer(() => created().activations(picture, box, node)),
  track: (picture, timeMs) => answer(() => created().track(picture, timeMs)),
  tune: (tuning) => answer(() => created().tune(tuning)),
  reset: () => answer(() => created().reset()),
  memory: () => answer(() => created().memory()),
  dispose: () => answer(() => created().dispose()),
};

Comlink.expose(api);
