/** Where an engine runs, what it holds, how far its start is. */

import type { Manifest } from './manifest';

export type BackendName = 'webgl' | 'webgpu' | 'wasm' | 'cpu';
export type ThreadName = 'worker' | 'page';
/** BlazeFace as it was published, or trained on in this repository for faces that are half covered. */
export type DetectorName = 'blazeface' | 'blazeface-covered';

export interface EngineInfo {
  readonly backend: BackendName;
  /** Why this backend, in a sentence to show. */
  readonly backendReason: string;
  readonly thread: ThreadName;
  readonly threadReason: string;
  readonly detector: DetectorName;
  readonly manifest: Manifest;
}

export interface EngineMemory {
  /** tfjs' count of live tensors. */
  readonly tensors: number;
  /** Bytes of live tensors on the GPU; null on wasm and cpu, which have none. */
  readonly gpuBytes: number | null;
}

/** Progress of `createEngine`. */
export type Progress =
  | {
      readonly kind: 'download';
      readonly what: string;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'backend'; readonly backend: BackendName }
  /** Shaders compiled, all at once; on a GPU alone. */
  | { readonly kind: 'shaders'; readonly done: number; readonly total: number }
  /** Networks run for the first time. */
  | { readonly kind: 'warm-up'; readonly done: number; readonly total: number };
