/** tfjs' WebAssembly backend on several threads, where the page is cross-origin isolated. */

import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import createModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
import threadUrl from 'virtual:wasm-thread';
import { trustScript } from './trusted-script';

type Module = BackendWasm['wasm'];
/** What Emscripten gives besides, and adds to the options that it is called with. */
interface Emscripten {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): () => never;
}
interface Pool {
  readonly unusedWorkers: Worker[];
}

/** Threads that hang are given up after so long, ms. */
const START_MS = 8000;

/**
 * Starts the backend with `threads` of them, this one among them: at most half of the logical cores, as tfjs itself sees to.
 * @throws Error where they do not start.
 */
export async function startThreaded(threads: number): Promise<BackendWasm> {
  // A thread whose script is missing would fail where nobody can catch it.
  const { ok, status } = await fetch(threadUrl);
  if (!ok) throw new Error(`${threadUrl}: the server answered ${status}`);
  const options: Parameters<typeof createModule>[0] & { PThread?: Pool } = {
    locateFile: (path) => (path.endsWith('.wasm') ? wasmUrl : trustScript(threadUrl)),
    // Each thread would fetch the module from here, had it not got it already.
    mainScriptUrlOrBlob: threadUrl,
  };
  try {
    const module = await inTime(createModule(options));
    setThreadsCount(threads);
    return new BackendWasm(withCalls(module));
  } finally {
    // Eight workers are started whatever is asked for.
    for (const worker of options.PThread?.unusedWorkers.splice(0) ?? []) worker.terminate();
  }
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`threads did not start within ${START_MS} ms`)), START_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Adds what `BackendWasm` calls, as the `init` of tfjs does. */
function withCalls(module: Module): Module {
  const { cwrap } = module as Module & Emscripten;
  module.tfjs = {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  };
  return module;
}
