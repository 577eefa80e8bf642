/** Values over time: a low-pass and a running quantile. */

/** How much of a new value an exponential low-pass takes; a time that does not rise starts it anew. */
export function lowPassShare(elapsedMs: number, constantMs: number): number {
  return elapsedMs > 0 && constantMs > 0 ? 1 - Math.exp(-elapsedMs / constantMs) : 1;
}

/** An exponential low-pass of many values at once. A time that does not rise starts it anew. */
export interface LowPass {
  /** @param constantMs time constant: after it 63 % of a step is there; 0 does not filter. */
  next(values: readonly number[], timeMs: number, constantMs: number): readonly number[];
}

export function createLowPass(): LowPass {
  let last: readonly number[] = [];
  let lastMs = Number.NaN;
  return {
    next(values, timeMs, constantMs) {
      const share = lowPassShare(timeMs - lastMs, constantMs);
      const from = last.length === values.length ? last : values;
      last = values.map((value, i) => from[i] + share * (value - from[i]));
      lastMs = timeMs;
      return last;
    },
  };
}

/** Follows a quantile of what it is given: it climbs and falls so that the right share of time is spent above it. */
export interface RunningQuantile {
  readonly value: number;
  add(value: number, seconds: number): void;
}

/** How much faster it moves at first, and for how long, s. */
const HURRY = 10;
const HURRIED_S = 10;

/**
 * @param start what is taken for it until there is more.
 * @param quantile 0..1
 * @param perSecond how far it moves in a second at most, in units of the values.
 */
export function createRunningQuantile(start: number, quantile: number, perSecond: number): RunningQuantile {
  let value = start;
  let ageS = 0;
  return {
    get value() {
      return value;
    },
    add(next, seconds) {
      const step = perSecond * seconds * (1 + (HURRY - 1) * Math.max(0, 1 - ageS / HURRIED_S));
      const towards = next > value ? quantile * step : (quantile - 1) * step;
      // It does not pass what it is drawn to.
      value += Math.sign(towards) * Math.min(Math.abs(towards), Math.abs(next - value));
      ageS += seconds;
    },
  };
}
