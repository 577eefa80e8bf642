/** Ranges and labels of the curves. */

import { signed } from '../labels';

/** Measures are told with two decimals: a line that changes by less is flat. */
const MIN_SPAN = 0.1;

export type Range = [low: number, high: number];

export function valueRange(low: number, high: number): Range {
  const missing = Math.max(0, MIN_SPAN - (high - low)) / 2;
  return [low - missing, high + missing];
}

/** S. A film of one frame has a second of room. */
export const timeRange = (firstS: number, lastS: number): Range => [
  firstS,
  lastS > firstS ? lastS : firstS + 1,
];

/** @param step between two ticks, which all of its decimals tell apart */
export function tickLabels(ticks: readonly number[], step: number): string[] {
  let decimals = 0;
  while (decimals < 6 && Math.abs(Number(step.toFixed(decimals)) - step) > step / 1000) decimals++;
  return ticks.map((tick) => signed(tick, decimals));
}

export const formatValue = (value: number | null): string => (value === null ? '–' : signed(value, 2));

/** Places of values between two that are missing. */
export const alone = (values: readonly (number | null)[]): number[] =>
  values.flatMap((value, i) =>
    value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? i : [],
  );
