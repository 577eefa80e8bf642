/** tfjs' WebAssembly backend on several threads, where the page is cross-origin isolated. */

import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import createModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
import type { WasmFiles } from '../files';
import { inTime } from '../in-time';
import { trustScript } from '../trusted-script';
import { withCalls } from './wasm-module';

/** What Emscripten adds to the options it is called with. */
interface Pool {
  readonly unusedWorkers: Worker[];
}

/** Threads that have not started by then count as hung, ms. */
const START_MS = 8000;

/**
 * Starts the backend with `threads` of them, this one among them: at most half of the logical cores, as tfjs itself limits.
 * @throws Error where they do not start.
 */
export async function startThreaded(threads: number, files: WasmFiles): Promise<BackendWasm> {
  // A thread whose script is missing would fail where it cannot be caught.
  const { ok, status } = await fetch(files.thread);
  if (!ok) throw new Error(`${files.thread}: the server answered ${status}`);
  const options: Parameters<typeof createModule>[0] & { PThread?: Pool } = {
    locateFile: (path) => (path.endsWith('.wasm') ? files.threaded : trustScript(files.thread)),
    // Where each thread would fetch the module from; it already has it.
    mainScriptUrlOrBlob: files.thread,
  };
  try {
    const module = await inTime(createModule(options), START_MS, 'threads did not start');
    setThreadsCount(threads);
    return new BackendWasm(withCalls(module));
  } finally {
    // Eight workers are started, however many are asked for.
    for (const worker of options.PThread?.unusedWorkers.splice(0) ?? []) worker.terminate();
  }
}
