/** tfjs' WebAssembly backend with the binaries that the build ships. */

import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { env } from '@tensorflow/tfjs-core';

/**
 * Threads stay off, for two reasons. The threaded binary of tfjs 4.22.0 uses one thread whatever `setThreadsCount` asks for
 * (`getThreadsCount()` is 1 after asking for 4, from the package's own bundle on a cross-origin isolated page), and so gains
 * nothing: network of resnet-lite on two cores, p50 of 200 frames each, turn and turn about, 18.5 ms without threads
 * and 18.7 ms with the threaded binary in a worker, 17.4 ms and 17.3 ms on the page. And it starts its workers from a function
 * turned to text, which the minifier has already taken apart, and then waits for ever.
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
