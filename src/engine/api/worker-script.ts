/** The worker's script, started when an engine wants a worker, or ahead of that. */

import { EngineError } from '../errors';
import { trustScript } from '../trusted-script';

/** Started ahead, and not wanted yet. */
let ahead: { readonly url: string; readonly worker: Worker } | null = null;

/** Starts the worker that the next engine with one takes, so that its script is read while the page still loads its own. */
export function startAhead(url: string): void {
  if (ahead) return;
  let worker: Worker;
  try {
    worker = startScript(url);
  } catch {
    // Told when an engine wants it.
    return;
  }
  ahead = { url, worker };
  // One that fails before it is wanted is started again then, with somebody to hear why.
  const drop = () => {
    if (ahead?.worker === worker) ahead = null;
  };
  worker.addEventListener('error', drop, { once: true });
}

/** The worker that was started ahead, or another. @throws EngineError `worker-failed` where there are no workers. */
export function takeWorker(url: string): Worker {
  if (ahead?.url !== url) return startScript(url);
  const { worker } = ahead;
  ahead = null;
  return worker;
}

function startScript(url: string): Worker {
  try {
    return new Worker(trustScript(url), { type: 'module', name: 'mien-engine' });
  } catch (cause) {
    throw new EngineError('worker-failed', `worker: could not be started (${(cause as Error).message})`, {
      cause,
    });
  }
}
