/** The page's end of a core in a worker. */

import * as Comlink from 'comlink';
import type { Core, CoreInfo, CoreOptions } from './core';
import { EngineError, reviveError } from './errors';
import { createInterrupt } from './interrupt';
import { watchLifeline } from './lifeline';
import type { GpuProbe } from './probe';
import type { EngineMemory, Progress } from './types';
import { trustScript } from './trusted-script';
import type { Answer, WorkerApi } from './worker';
import workerUrl from './worker?worker&url';

/** A worker that runs but has no core yet. */
export interface WorkerHandle {
  probe(): Promise<GpuProbe>;
  /** The core; disposing it ends the worker. */
  createCore(options: CoreOptions, onProgress: (progress: Progress) => void): Promise<Core>;
  terminate(): void;
}

/** @throws EngineError `worker-failed` where workers are not to be had. */
export function startWorker(): WorkerHandle {
  const worker = openWorker();
  const remote = Comlink.wrap<WorkerApi>(worker);
  const interrupt = createInterrupt();
  let info: CoreInfo | null = null;
  let lost = false;
  let stopWatching = () => {};
  const end = (detail: string) => {
    lost = true;
    interrupt.trip(new EngineError('worker-failed', `worker: ${detail}`));
  };
  worker.addEventListener('error', ({ message }) => end(message || 'its script could not be loaded'));

  async function ask<T>(promise: Promise<Answer<T>>): Promise<T> {
    const reply = await interrupt.guard(promise);
    if ('error' in reply) {
      lost ||= reply.lost;
      throw reviveError(reply.error);
    }
    info = reply.info ?? info;
    return reply.value;
  }

  return {
    probe: () => ask(remote.probe()),
    async createCore(options, onProgress) {
      const lock = `mien-engine-${Math.random()}`;
      await ask(remote.live(lock));
      stopWatching = watchLifeline(lock, () => end('ended before its time'));
      await ask(remote.create(options, Comlink.proxy(onProgress)));
      /** What was left when the worker ended; nothing unless there is a leak. */
      let left: EngineMemory | null = null;
      return {
        get info() {
          return info!;
        },
        get lost() {
          return lost;
        },
        async detect(picture, { signal, ...options }) {
          const cancel = () => void remote.cancel();
          signal?.addEventListener('abort', cancel);
          try {
            return await ask(remote.detect(Comlink.transfer(picture, [picture]), options));
          } finally {
            signal?.removeEventListener('abort', cancel);
          }
        },
        landmarks: (picture, boxes) => ask(remote.landmarks(Comlink.transfer(picture, [picture]), boxes)),
        activations: (picture, box, node) =>
          ask(remote.activations(Comlink.transfer(picture, [picture]), box, node)),
        track: (picture, timeMs) => ask(remote.track(Comlink.transfer(picture, [picture]), timeMs)),
        tune: (tuning) => ask(remote.tune(tuning)),
        reset: () => ask(remote.reset()),
        memory: async () => left ?? ask(remote.memory()),
        async dispose() {
          try {
            await ask(remote.dispose());
            left = await ask(remote.memory());
          } finally {
            left ??= { tensors: 0, gpuBytes: null };
            stopWatching();
            remote[Comlink.releaseProxy]();
            worker.terminate();
          }
        },
      };
    },
    terminate() {
      stopWatching();
      remote[Comlink.releaseProxy]();
      worker.terminate();
    },
  };
}

function openWorker(): Worker {
  try {
    return new Worker(trustScript(workerUrl), { type: 'module', name: 'mien-engine' });
  } catch (cause) {
    throw new EngineError('worker-failed', `worker: could not be started (${(cause as Error).message})`, {
      cause,
    });
  }
}
