/**
 * The code of one thread of tfjs' WebAssembly backend, as its own file: `import url from 'virtual:wasm-thread'`. tfjs would
 * start its threads from a string, which a strict policy forbids and which minifying breaks.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const file = fileURLToPath(new URL('../.cache/wasm-thread.js', import.meta.url));

/** Emscripten's module, followed by the worker that would have fetched it. */
export function threadSource(): string {
  const folder = '@tensorflow/tfjs-backend-wasm/wasm-out';
  const name = join(folder, 'tfjs-backend-wasm-threaded-simd');
  const { wasmWorkerContents } = require(`${name}.worker.js`) as { wasmWorkerContents: string };
  const module = readFileSync(require.resolve(`${name}.js`), 'utf8');
  // Its only line breaks are within strings, where they were escaped once.
  const worker = wasmWorkerContents.replaceAll('\n', '\\n');
  return [module, 'self.importScripts = () => {};', worker].join('\n');
}

export function wasmThread(): Plugin {
  return {
    name: 'wasm-thread',
    resolveId(id) {
      if (id !== 'virtual:wasm-thread') return null;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, threadSource());
      // Copied by the bundler as it is.
      return `${file}?url`;
    },
  };
}
