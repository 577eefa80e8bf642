/** tfjs' WebAssembly backend with the binaries that the build ships, on threads where it may have them. */

import '@tensorflow/tfjs-backend-wasm';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { env, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';

/** More gain little, and the page, the camera and the compositor want cores too. */
const MOST_THREADS = 4;

/** Makes the backend known to tfjs; once is enough. */
export const wasmReady = register();

/** How many threads the backend that was started last runs on. */
export { getThreadsCount };

async function register(): Promise<void> {
  const mayThread = await allowsThreads();
  const threads = Math.min(MOST_THREADS, Math.floor(navigator.hardwareConcurrency / 2));
  // tfjs' own way to threads does not survive a minifier; without it, it asks for this third binary by name and never loads it.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': simdUrl,
  });
  if (!mayThread || threads < 2) return;
  const startPlain = findBackendFactory('wasm');
  removeBackend('wasm');
  registerBackend('wasm', async () => {
    try {
      const { startThreaded } = await import('./wasm-threads');
      return await startThreaded(threads);
    } catch (error) {
      console.warn('WebAssembly runs on one thread:', error);
      return startPlain();
    }
  });
}

/**
 * Besides the features, the browser must be a Chromium, of which `userAgentData` tells: in Firefox 153 about half of the
 * starts stand still for ever, since a worker that waits keeps those that it started from running, and nobody can ask for that.
 */
async function allowsThreads(): Promise<boolean> {
  if (!('userAgentData' in navigator)) return false;
  const flags = ['WASM_HAS_SIMD_SUPPORT', 'WASM_HAS_MULTITHREAD_SUPPORT'];
  const has = await Promise.all(flags.map((flag) => env().getAsync(flag)));
  return has.every(Boolean);
}
