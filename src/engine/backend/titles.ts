/** Backends, as the screen calls them. */

import type { BackendName } from '../types';

const TITLES: Record<BackendName, string> = {
  webgl: 'WebGL',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'plain JavaScript',
};

/** The name for the screen. */
export const titleOf = (name: BackendName): string => TITLES[name];
