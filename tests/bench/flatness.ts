/** Whether the live page stays as it was over a soak: what it holds, and how fast it is. */
import { STALLED_MS } from '../e2e/stalls';

/** What was seen of the page over some seconds, and what it held at their end. */
export interface Look {
  /** Frames that were answered, and those of them with a face. */
  readonly frames: number;
  readonly withFace: number;
  /** 95 of 100 frames took no longer than this from the camera to their points, ms. */
  readonly p95Ms: number;
  /** How much longer than its own 20 ms a computation beside the page took, ms; the median of the look. */
  readonly stallMs: number;
  readonly tensors: number;
  /** Null where the backend has no GPU. */
  readonly gpuBytes: number | null;
  /** JS heap of the page and its workers after a collection, bytes. */
  readonly heapBytes: number;
  /** DOM nodes that are not garbage, in the document or not. */
  readonly nodes: number;
}

/** How much the heap may grow from its first third to its last, bytes; a leak of 1 kB a frame passes it in 2000 frames. */
export const HEAP_GROWTH_BYTES = 2 * 1024 * 1024;

/** How many nodes may come so; a leak of one with each of the meter's four readings a second passes it in 5 s. */
export const NODE_GROWTH = 20;

/** How much longer frames may take at the end than at the beginning. */
export const SLOWER_SHARE = 0.1;

/** What is not flat, in words; nothing when all is. @throws when there are fewer than three looks. */
export function complaints(looks: readonly Look[]): string[] {
  if (looks.length < 3) throw new Error(`soak: ${looks.length} looks at the page, wanted 3 at least`);
  return [...fewFaces(looks), ...memory(looks), ...slowdown(looks)];
}

/** A page that sees no faces proves nothing. */
function fewFaces(looks: readonly Look[]): string[] {
  const sum = (of: (look: Look) => number) => looks.reduce((total, look) => total + of(look), 0);
  const [frames, withFace] = [sum((look) => look.frames), sum((look) => look.withFace)];
  return withFace < frames / 2 ? [`faces: in ${withFace} of ${frames} frames`] : [];
}

/**
 * Tensors and their bytes on the GPU have to be the same at every look. Heap and nodes may grow by their allowances from the
 * first third of the looks to the last: by the medians, since what a page holds wavers.
 */
function memory(looks: readonly Look[]): string[] {
  const third = Math.floor(looks.length / 3);
  const growth = (of: (look: Look) => number) =>
    median(looks.slice(-third).map(of)) - median(looks.slice(0, third).map(of));
  const differing = (name: string, of: (look: Look) => number | null) => {
    const values = [...new Set(looks.map(of))];
    return values.length > 1 ? [`${name}: ${values.join(', ')} at different looks`] : [];
  };
  const [heap, nodes] = [growth((look) => look.heapBytes), growth((look) => look.nodes)];
  return [
    ...differing('tensors', (look) => look.tensors),
    ...differing('GPU bytes', (look) => look.gpuBytes),
    ...(heap > HEAP_GROWTH_BYTES ? [`heap: grew by ${(heap / 1024 ** 2).toFixed(2)} MiB`] : []),
    ...(nodes > NODE_GROWTH ? [`DOM: grew by ${nodes} nodes`] : []),
  ];
}

/**
 * The 95th percentile of the last tenth may lie a tenth above that of the first. Of the looks in a tenth the fastest counts:
 * other programs make frames slower for a while, a leak for good.
 */
function slowdown(looks: readonly Look[]): string[] {
  const tenths = calmTenths(looks);
  if (!tenths) return [];
  const [first, last] = tenths.map((tenth) => Math.min(...tenth.map(({ p95Ms }) => p95Ms)));
  if (last <= first * (1 + SLOWER_SHARE)) return [];
  return [`speed: p95 went from ${first.toFixed(1)} to ${last.toFixed(1)} ms`];
}

/** Of the first and of the last tenth the looks during which the machine did not stall; null where a tenth has none. */
function calmTenths(looks: readonly Look[]): readonly (readonly Look[])[] | null {
  const tenth = Math.ceil(looks.length / 10);
  const calm = [looks.slice(0, tenth), looks.slice(-tenth)].map((some) =>
    some.filter(({ stallMs }) => stallMs <= STALLED_MS),
  );
  return calm.every(({ length }) => length > 0) ? calm : null;
}

/** Whether the speed could be judged: not on a machine that stalled throughout the first tenth or the last. */
export const judgesSpeed = (looks: readonly Look[]): boolean => calmTenths(looks) !== null;

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
