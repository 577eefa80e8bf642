/** tfjs' WebAssembly backend with the binaries that the build ships. */

import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { env } from '@tensorflow/tfjs-core';

/**
 * Threads stay off: on a cross-origin isolated page tfjs starts its threads from a function turned to text, which the
 * minifier has already taken apart, and then waits for ever.
 */
export function prepareWasm(): void {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    // Asked for by name, never loaded.
    'tfjs-backend-wasm-threaded-simd.wasm': simdUrl,
  });
}
