/** The page's end of a worker with a pipeline in it. */

import * as Comlink from 'comlink';
import type { GpuProbe } from '../backend/capabilities';
import { EngineError } from '../errors';
import type { PipelineOptions } from '../options';
import type { Pipeline } from '../pipeline/types';
import type { BackendName, Progress } from '../types';
import { releasable } from './endpoint';
import './error-transfer';
import { createLink, type Link } from './link';
import { watchLock } from './liveness';
import type { WorkerApi } from './worker';
import { takeWorker } from './worker-script';

/** A worker that runs. Ending the link terminates it; when it ends by itself, so does the link, with `worker-failed`. */
export interface WorkerHandle {
  readonly link: Link;
  probe(): Promise<GpuProbe>;
  createPipeline(options: PipelineOptions): Promise<Pipeline>;
}

/** @param url of its script. @throws EngineError `worker-failed` where there are no workers. */
export function startWorker(
  url: string,
  onProgress: (progress: Progress) => void,
  onHung: (backend: BackendName) => void,
): WorkerHandle {
  const worker = takeWorker(url);
  let stopWatching = () => {};
  // Ours, not Comlink's: it closes its ports when the other end says so, which a worker that is ended cannot.
  const calls = new MessageChannel();
  const events = new MessageChannel();
  const ends = [worker, calls.port1, events.port1].map(releasable);
  const [workerEnd, callsEnd, eventsEnd] = ends;
  const remote = Comlink.wrap<WorkerApi>(workerEnd);
  const stop = () => {
    stopWatching();
    worker.removeEventListener('error', onError);
    for (const end of ends) end.release();
    calls.port1.close();
    events.port1.close();
    worker.terminate();
  };
  const link = createLink(onProgress, stop, onHung);
  const fail = (detail: string) => link.end(new EngineError('worker-failed', `worker: ${detail}`));
  function onError({ message }: ErrorEvent): void {
    fail(message || 'its script could not be loaded');
  }
  worker.addEventListener('error', onError);

  return {
    link,
    probe: () => link.guard(remote.probe()),
    async createPipeline(options) {
      const lock = `mien-engine-${Math.random()}`;
      const watch = () => {
        if (!link.hasEnded) stopWatching = watchLock(lock, () => fail('ended before its time'));
      };
      const held = remote.hold(lock).then(watch);
      // Each call on it is a message, and answers with a promise as the pipeline itself does.
      Comlink.expose(link.events, eventsEnd);
      const ports = [calls.port2, events.port2] as const;
      await Promise.all([held, remote.create(options, Comlink.transfer(ports, [...ports]))]);
      return Comlink.wrap<Pipeline>(callsEnd) as unknown as Pipeline;
    },
  };
}
