/**
 * What the address may ask for, in the query: `?sample` starts with the sample instead of the camera, `?model=ID`,
 * `?backend=webgl|webgpu|wasm|cpu` and `?thread=worker|page` override what would be chosen, and `?debug` puts the
 * session and its results on `window.mien`. The first is for everyone, the others for tests and measurements.
 */

import type { BackendName, ThreadName } from '../engine/types';
import { currentModelId } from '../services/models/former-ids';

export interface PageOptions {
  readonly sample: boolean;
  readonly model: string | null;
  readonly backend: BackendName | 'auto';
  readonly thread: ThreadName | 'auto';
  readonly debug: boolean;
}

const backends: readonly string[] = ['webgl', 'webgpu', 'wasm', 'cpu'] satisfies BackendName[];
const threads: readonly string[] = ['worker', 'page'] satisfies ThreadName[];

/** @param query as `location.search`; values that mean nothing are taken as not given */
export function parsePageOptions(query: string): PageOptions {
  const parameters = new URLSearchParams(query);
  const backend = parameters.get('backend') ?? '';
  const thread = parameters.get('thread') ?? '';
  return {
    sample: parameters.has('sample'),
    model: currentModelId(parameters.get('model') ?? '') || null,
    backend: backends.includes(backend) ? (backend as BackendName) : 'auto',
    thread: threads.includes(thread) ? (thread as ThreadName) : 'auto',
    debug: parameters.has('debug'),
  };
}
