/** TensorFlow.js in Node: its WebAssembly backend from a file, and what its core asks of a platform. */

import { readFileSync } from 'node:fs';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import createModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import { env, registerBackend, removeBackend, type Platform } from '@tensorflow/tfjs-core';
import { withCalls } from '../../src/engine/backend/wasm-module';

const platform: Platform = {
  fetch: (url, init) => fetch(url, init),
  now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes, encoding) => new TextDecoder(encoding).decode(bytes),
  setTimeoutCustom: (run, delayMs) => void setTimeout(run, delayMs),
  isTypedArray: (value): value is Float32Array | Int32Array | Uint8Array | Uint8ClampedArray =>
    ArrayBuffer.isView(value) && !(value instanceof DataView),
};

let isStarted = false;

/** Once. @param binary the file of the WebAssembly binary with SIMD, which every Node that is supported runs. */
export function startTfjs(binary: URL): void {
  if (isStarted) return;
  isStarted = true;
  env().setPlatform('mien-node', platform);
  removeBackend('wasm');
  registerBackend('wasm', async () => {
    const options: Parameters<typeof createModule>[0] & { wasmBinary: Uint8Array } = {
      wasmBinary: readFileSync(binary),
    };
    const module = await createModule(options);
    return new BackendWasm(withCalls(module));
  });
}
