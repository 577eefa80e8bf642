/** The engine's files as Vite ships them in the app. The package has a list of its own. */

import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import thread from 'virtual:wasm-thread';
import type { EngineFiles } from '../files';
import worker from './worker?worker&url';

const absolute = (url: string) => new URL(url, location.href).href;

/** Made when asked for: there is no address outside of a page. */
export function shippedFiles(): EngineFiles {
  return {
    worker: absolute(worker),
    wasm: {
      plain: absolute(plain),
      simd: absolute(simd),
      threaded: absolute(threaded),
      thread: absolute(thread),
    },
  };
}
