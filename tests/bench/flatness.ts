/** Whether memory and speed of the live page stay flat over a soak. */
import { STALLED_MS } from '../e2e/stalls';

/** Measurements of the page over a few seconds, with its memory at their end. */
export interface Sample {
  /** Frames with a result, and how many of them had a face. */
  readonly frames: number;
  readonly withFace: number;
  /** 95th percentile of the time from camera to points, ms. */
  readonly p95Ms: number;
  /** Median delay of a 20 ms computation that runs beside the page, ms. */
  readonly stallMs: number;
  readonly tensors: number;
  /** Null where the backend has no GPU. */
  readonly gpuBytes: number | null;
  /** JS heap of the page and its workers after a collection, bytes. */
  readonly heapBytes: number;
  /** Live DOM nodes, attached or detached. */
  readonly nodes: number;
}

/** How much the heap may grow from its first third to its last, bytes; a leak of 1 kB per frame exceeds it in 2000 frames. */
export const HEAP_GROWTH_BYTES = 2 * 1024 * 1024;

/** How many nodes may be added likewise; a leak of one per meter update (four a second) exceeds it in 5 s. */
export const NODE_GROWTH = 20;

/** How much longer frames may take at the end than at the start, as a fraction. */
export const SLOWER_SHARE = 0.1;

/** What is not flat, as text; empty when everything is. @throws when there are fewer than three samples. */
export function complaints(samples: readonly Sample[]): string[] {
  if (samples.length < 3)
    throw new Error(`soak: ${samples.length} samples of the page, at least 3 are needed`);
  return [...fewFaces(samples), ...memory(samples), ...slowdown(samples)];
}

/** A page that finds no faces proves nothing. */
function fewFaces(samples: readonly Sample[]): string[] {
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  const [frames, withFace] = [sum((sample) => sample.frames), sum((sample) => sample.withFace)];
  return withFace < frames / 2 ? [`faces: in ${withFace} of ${frames} frames`] : [];
}

/**
 * Tensors and GPU bytes must be the same in every sample. Heap and nodes may grow by their allowances from the first third of
 * the samples to the last, by the medians, since both fluctuate.
 */
function memory(samples: readonly Sample[]): string[] {
  const third = Math.floor(samples.length / 3);
  const growth = (of: (sample: Sample) => number) =>
    median(samples.slice(-third).map(of)) - median(samples.slice(0, third).map(of));
  const differing = (name: string, of: (sample: Sample) => number | null) => {
    const values = [...new Set(samples.map(of))];
    return values.length > 1 ? [`${name}: ${values.join(', ')} in different samples`] : [];
  };
  const [heap, nodes] = [growth((sample) => sample.heapBytes), growth((sample) => sample.nodes)];
  return [
    ...differing('tensors', (sample) => sample.tensors),
    ...differing('GPU bytes', (sample) => sample.gpuBytes),
    ...(heap > HEAP_GROWTH_BYTES ? [`heap: grew by ${(heap / 1024 ** 2).toFixed(2)} MiB`] : []),
    ...(nodes > NODE_GROWTH ? [`DOM: grew by ${nodes} nodes`] : []),
  ];
}

/**
 * The 95th percentile of the last tenth may be a tenth above that of the first. The fastest sample of each tenth counts: other
 * programs slow frames down for a while, a leak for good.
 */
function slowdown(samples: readonly Sample[]): string[] {
  const tenths = calmTenths(samples);
  if (!tenths) return [];
  const [first, last] = tenths.map((tenth) => Math.min(...tenth.map(({ p95Ms }) => p95Ms)));
  if (last <= first * (1 + SLOWER_SHARE)) return [];
  return [`speed: p95 went from ${first.toFixed(1)} to ${last.toFixed(1)} ms`];
}

/** The samples of the first and of the last tenth without machine stalls; null where a tenth has none. */
function calmTenths(samples: readonly Sample[]): readonly (readonly Sample[])[] | null {
  const tenth = Math.ceil(samples.length / 10);
  const calm = [samples.slice(0, tenth), samples.slice(-tenth)].map((some) =>
    some.filter(({ stallMs }) => stallMs <= STALLED_MS),
  );
  return calm.every(({ length }) => length > 0) ? calm : null;
}

/** Whether speed can be judged: not if the machine stalled throughout the first or the last tenth. */
export const judgesSpeed = (samples: readonly Sample[]): boolean => calmTenths(samples) !== null;

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
