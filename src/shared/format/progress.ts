/** Progress as text and as a fraction. */

import type { Progress } from '../../engine/types';

export interface ProgressText {
  readonly words: string;
  /** 0..1, or null where it is unknown. */
  readonly part: number | null;
}

const backendNames = { webgl: 'WebGL', webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'JavaScript' };

/** `2.1 MB`; a megabyte is a million bytes. */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `134 kB`; a kilobyte is a thousand bytes. */
export function formatKilobytes(bytes: number): string {
  return `${Math.round(bytes / 1e3)} kB`;
}

/** The size of a file: `2.1 MB`, and in kilobytes what would be 0.0 MB. */
export function formatSize(bytes: number): string {
  return bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : formatMegabytes(bytes);
}

export function formatProgress(progress: Progress | null): ProgressText {
  switch (progress?.kind) {
    case undefined:
      return { words: 'Getting ready', part: null };
    case 'download':
      return {
        words: `Fetching ${progress.what}: ${formatMegabytes(progress.loadedBytes)} of ${formatMegabytes(progress.totalBytes)}`,
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

function counted(what: string, { done, total }: { done: number; total: number }): ProgressText {
  return { words: `${what}: ${done} of ${total}`, part: total > 0 ? done / total : null };
}
