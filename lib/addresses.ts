/**
 * Where the package's files are, each written out as `new URL('…', import.meta.url)`: bundlers take the file along and put its
 * new address in. Made when asked for, since code that a server renders may have no address.
 *
 * They lie in a folder that has the package's own name, so that an address is right in two ways: counted from the module, as
 * browsers do, and as the name of a file in a package, as bundlers also try. Vite (5 to 7) looks for them only after it has put
 * the module itself somewhere else.
 */

import type { EngineFiles } from '../src/engine/files';

export { packageModels } from 'virtual:package-models';

export function packageFiles(): EngineFiles {
  return {
    worker: new URL(/* @vite-ignore */ 'mien/assets/worker.js', import.meta.url).href,
    wasm: {
      plain: new URL(/* @vite-ignore */ 'mien/assets/tfjs-backend-wasm.wasm', import.meta.url).href,
      simd: new URL(/* @vite-ignore */ 'mien/assets/tfjs-backend-wasm-simd.wasm', import.meta.url).href,
      threaded: new URL(
        /* @vite-ignore */ 'mien/assets/tfjs-backend-wasm-threaded-simd.wasm',
        import.meta.url,
      ).href,
      thread: new URL(/* @vite-ignore */ 'mien/assets/wasm-thread.js', import.meta.url).href,
    },
  };
}
