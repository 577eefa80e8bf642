/**
 * What one thread of tfjs' WebAssembly backend runs, as a file of its own: `import url from 'virtual:wasm-thread'`. tfjs would
 * start its threads from text, which a strict policy forbids, and which a minifier has taken apart besides.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const file = fileURLToPath(new URL('../.cache/wasm-thread.js', import.meta.url));

/** Emscripten's module, then the worker that would have fetched it. */
function threadSource(): string {
  const folder = '@tensorflow/tfjs-backend-wasm/wasm-out';
  const name = join(folder, 'tfjs-backend-wasm-threaded-simd');
  const { wasmWorkerContents } = require(`${name}.worker.js`) as { wasmWorkerContents: string };
  const module = readFileSync(require.resolve(`${name}.js`), 'utf8');
  // It holds line breaks only within strings, where they were escaped once.
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
      // The bundler ships it as it is.
      return `${file}?url`;
    },
  };
}
