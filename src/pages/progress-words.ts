/** What is being waited for, in words and as a part of the whole. */

import type { Progress } from '../engine/types';

export interface ProgressWords {
  readonly words: string;
  /** 0..1, or null where nobody knows. */
  readonly part: number | null;
}

const backendNames = { webgl: 'WebGL', webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'JavaScript' };

/** `2.1 MB`; megabytes of a million bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function progressWords(progress: Progress | null): ProgressWords {
  switch (progress?.kind) {
    case undefined:
      return { words: 'Getting ready', part: null };
    case 'download':
      return {
        words: `Fetching ${progress.what}: ${megabytes(progress.loadedBytes)} of ${megabytes(progress.totalBytes)}`,
        part: progress.totalBytes > 0 ? progress.loadedBytes / progress.totalBytes : null,
      };
    case 'backend':
      return { words: `Starting ${backendNames[progress.backend]}`, part: null };
    case 'shaders':
      return counted('Preparing the graphics card', progress);
    case 'warm-up':
      return counted('Warming up', progress);
  }
}

function counted(what: string, { done, total }: { done: number; total: number }): ProgressWords {
  return { words: `${what}: ${done} of ${total}`, part: total > 0 ? done / total : null };
}
