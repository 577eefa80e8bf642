/** Milliseconds per stage of one call. */

import type { TimedStage, Timings } from './types';

/** A stretch of commands that the GPU times. */
export interface GpuSpan {
  /**
   * How long the GPU took over the commands, ms; null where it has not told yet or was disturbed. It never waits: to be called
   * once, after a result of these commands was read back.
   */
  readMs(): number | null;
}

export interface GpuClock {
  /** Times the commands that `run` issues. Such calls must not be nested. */
  time<T>(run: () => T): { readonly value: T; readonly span: GpuSpan };
}

/** The stages that the GPU times as well. */
export type GpuStage = keyof NonNullable<Timings['gpu']>;

export interface Stopwatch {
  time<T>(stage: TimedStage, run: () => T): T;
  timeAsync<T>(stage: TimedStage, run: () => Promise<T>): Promise<T>;
  /** As `time`, by the GPU's own clock as well where there is one. */
  timeOnGpu<T>(stage: GpuStage, clock: GpuClock | null, run: () => T): T;
  /** Asks the GPU for the times since the last call. To be called once a result of its work was read back. */
  readGpu(): void;
  /** The sums so far, and the time since the stopwatch was made. */
  timings(): Timings;
}

export function createStopwatch(): Stopwatch {
  const startMs = performance.now();
  const sums: Record<TimedStage, number> = {
    detectMs: 0,
    cropMs: 0,
    networkMs: 0,
    readBackMs: 0,
    filterMs: 0,
  };
  const gpuSums = { cropMs: 0, networkMs: 0 };
  let spans: { readonly stage: GpuStage; readonly span: GpuSpan }[] = [];
  let toldByGpu = false;
  let missesGpu = false;

  function time<T>(stage: TimedStage, run: () => T): T {
    const fromMs = performance.now();
    try {
      return run();
    } finally {
      sums[stage] += performance.now() - fromMs;
    }
  }

  return {
    time,
    timeOnGpu(stage, clock, run) {
      return time(stage, () => {
        if (!clock) return run();
        const { value, span } = clock.time(run);
        spans.push({ stage, span });
        return value;
      });
    },
    readGpu() {
      for (const { stage, span } of spans) {
        const ms = span.readMs();
        if (ms === null) missesGpu = true;
        else gpuSums[stage] += ms;
        toldByGpu = true;
      }
      spans = [];
    },
    async timeAsync(stage, run) {
      const fromMs = performance.now();
      try {
        return await run();
      } finally {
        sums[stage] += performance.now() - fromMs;
      }
    },
    timings: () => ({
      ...sums,
      totalMs: performance.now() - startMs,
      ...(toldByGpu && !missesGpu && { gpu: { ...gpuSums } }),
    }),
  };
}
