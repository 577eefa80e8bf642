/** A module of tfjs' WebAssembly backend that was started without tfjs' own `init`. */

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type Module = BackendWasm['wasm'];
/** What Emscripten provides besides. */
interface Emscripten {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): () => never;
}

/** Adds what `BackendWasm` calls, as the `init` of tfjs does. */
export function withCalls(module: Module): Module {
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
