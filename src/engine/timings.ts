/** Milliseconds per stage of one call. */

import type { Timings } from './types';

export type Stage = Exclude<keyof Timings, 'totalMs'>;

export interface Stopwatch {
  time<T>(stage: Stage, run: () => T): T;
  timeAsync<T>(stage: Stage, run: () => Promise<T>): Promise<T>;
  /** The sums so far, and the time since the stopwatch was made. */
  timings(): Timings;
}

export function createStopwatch(): Stopwatch {
  const startMs = performance.now();
  const sums: Record<Stage, number> = { detectMs: 0, cropMs: 0, networkMs: 0, readBackMs: 0, filterMs: 0 };
  return {
    time(stage, run) {
      const fromMs = performance.now();
      try {
        return run();
      } finally {
        sums[stage] += performance.now() - fromMs;
      }
    },
    async timeAsync(stage, run) {
      const fromMs = performance.now();
      try {
        return await run();
      } finally {
        sums[stage] += performance.now() - fromMs;
      }
    },
    timings: () => ({ ...sums, totalMs: performance.now() - startMs }),
  };
}
