/** Numbers about the last second of live work. Plain, not reactive: the page reads them four times a second. */

import type { Result, Timings } from '../../engine/types';

export interface MeterReading {
  /** Results a second. */
  readonly framesPerSecond: number;
  /** Frames a second that came while another was in flight. */
  readonly droppedPerSecond: number;
  /** Means over the window, in ms; `detectMs` over the frames on which the detector ran. */
  readonly timings: Timings;
  readonly drawMs: number;
}

const windowMs = 1000;

const mean = (values: readonly number[]) =>
  values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;

export function createFrameMeter() {
  let results: { atMs: number; timings: Timings }[] = [];
  let drops: number[] = [];
  let draws: { atMs: number; ms: number }[] = [];

  return {
    addResult: (result: Result, atMs: number) => void results.push({ atMs, timings: result.timings }),
    addDrop: (atMs: number) => void drops.push(atMs),
    addDraw: (ms: number, atMs: number) => void draws.push({ atMs, ms }),
    read(nowMs: number): MeterReading {
      results = results.filter(({ atMs }) => atMs > nowMs - windowMs);
      drops = drops.filter((atMs) => atMs > nowMs - windowMs);
      draws = draws.filter(({ atMs }) => atMs > nowMs - windowMs);
      const meanOf = (stage: Exclude<keyof Timings, 'gpu'>) =>
        mean(results.map(({ timings }) => timings[stage]));
      const detections = results.map(({ timings }) => timings.detectMs).filter((ms) => ms > 0);
      return {
        framesPerSecond: (results.length * 1000) / windowMs,
        droppedPerSecond: (drops.length * 1000) / windowMs,
        timings: {
          detectMs: mean(detections),
          cropMs: meanOf('cropMs'),
          networkMs: meanOf('networkMs'),
          readBackMs: meanOf('readBackMs'),
          filterMs: meanOf('filterMs'),
          totalMs: meanOf('totalMs'),
        },
        drawMs: mean(draws.map(({ ms }) => ms)),
      };
    },
  };
}

export type FrameMeter = ReturnType<typeof createFrameMeter>;
