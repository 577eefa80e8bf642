/** tfjs' WebAssembly backend with the binaries that the build ships, on threads where they are allowed. */

import '@tensorflow/tfjs-backend-wasm';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { WasmFiles } from '../files';
import { env, findBackendFactory, registerBackend, removeBackend, type Tensor } from '@tensorflow/tfjs-core';
import { quickenConvolutions } from './winograd/kernel';

/** More gain little, and the page, the camera and the compositor need cores too. */
const MAX_THREADS = 4;

let registering: Promise<void> | null = null;

/** Registers the backend with tfjs, once. */
export function registerWasm(files: WasmFiles): Promise<void> {
  return (registering ??= register(files));
}

/** How many threads the backend that was started last runs on. */
export { getThreadsCount };

/** See `Backend.quicken`. On several threads tfjs' own kernel uses them all; the faster one uses one. */
export async function quicken(weights: readonly Tensor[]): Promise<void> {
  if (getThreadsCount() > 1 || !(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return;
  quickenConvolutions(weights);
}

async function register(files: WasmFiles): Promise<void> {
  const mayThread = await allowsThreads();
  const threads = Math.min(MAX_THREADS, Math.floor((globalThis.navigator?.hardwareConcurrency ?? 1) / 2));
  // tfjs' own threading breaks under a minifier; with it off, tfjs names this third binary and never loads it.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': files.plain,
    'tfjs-backend-wasm-simd.wasm': files.simd,
    'tfjs-backend-wasm-threaded-simd.wasm': files.simd,
  });
  if (!mayThread || threads < 2) return;
  const startPlain = findBackendFactory('wasm');
  removeBackend('wasm');
  registerBackend('wasm', async () => {
    try {
      const { startThreaded } = await import('./wasm-threads');
      return await startThreaded(threads, files);
    } catch (error) {
      console.warn('WebAssembly runs on one thread:', error);
      return startPlain();
    }
  });
}

/**
 * Besides the features, the browser must be a Chromium, of which `userAgentData` tells: in Firefox 153 about half of the
 * starts hang forever, since a waiting worker blocks those that it started, and there is no way to detect it.
 */
async function allowsThreads(): Promise<boolean> {
  if (!('userAgentData' in (globalThis.navigator ?? {}))) return false;
  const flags = ['WASM_HAS_SIMD_SUPPORT', 'WASM_HAS_MULTITHREAD_SUPPORT'];
  const has = await Promise.all(flags.map((flag) => env().getAsync(flag)));
  return has.every(Boolean);
}
