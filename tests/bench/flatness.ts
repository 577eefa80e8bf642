/** Whether memory and speed stay flat over a soak. */
import type { SoakSample } from './page/soak';

/** How much the heap may grow from its first look to its last, bytes; a leak of 1 kB a frame would pass it in 2000. */
export const HEAP_GROWTH_BYTES = 2 * 1024 * 1024;

/** How much longer frames may take at the end than at the beginning. */
export const SLOWER_SHARE = 0.1;

/**
 * What is not flat, in words; nothing when all is. The tensors have to be as many at every look; the heap of the last
 * third may lie above that of the first third by no more than the allowance (the medians, since a look may catch rubbish).
 */
export function complaints(samples: readonly SoakSample[]): string[] {
  if (samples.length < 3) throw new Error(`soak: ${samples.length} looks at the memory, wanted 3 at least`);
  const tensors = [...new Set(samples.map((sample) => sample.tensors))];
  const third = Math.floor(samples.length / 3);
  const growth = median(samples.slice(-third)) - median(samples.slice(0, third));
  return [
    ...(tensors.length > 1 ? [`tensors: ${tensors.join(', ')} at different looks`] : []),
    ...(growth > HEAP_GROWTH_BYTES ? [`heap: grew by ${(growth / 1024 ** 2).toFixed(2)} MiB`] : []),
  ];
}

/**
 * Whether frames have become slower, in words: the 95th percentile of the last tenth may lie a tenth above that of the first.
 * Of the looks in a tenth the fastest counts: other programs make frames slower for a while, a leak for good.
 */
export function slowdown(samples: readonly SoakSample[]): string[] {
  const tenth = Math.ceil(samples.length / 10);
  const fastest = (some: readonly SoakSample[]) => Math.min(...some.map(({ p95Ms }) => p95Ms));
  const [first, last] = [fastest(samples.slice(0, tenth)), fastest(samples.slice(-tenth))];
  if (last <= first * (1 + SLOWER_SHARE)) return [];
  return [`speed: p95 went from ${first.toFixed(1)} to ${last.toFixed(1)} ms`];
}

function median(samples: readonly SoakSample[]): number {
  const sorted = samples.map((sample) => sample.heapBytes).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
