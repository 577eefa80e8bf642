/** The first step of a head: all points at once, from the base's points or from the whole crop. */

import type { Folds } from './folds';
import { addSample, applyRidge, createMoments, solveRidge, sumOf, type Moments } from './moments';
import type { Sample } from './samples';

/** As measured on LFPW's training part, of 0.0001 to 0.1. */
const RIDGE = 0.1;

export interface Guess {
  /** As `Head.guess`. */
  readonly weights: Float32Array;
  /** For each sample the guess of a model that did not see its picture, (2·points). */
  readonly leftOut: readonly Float32Array[];
  /** The same from about half of the pictures; of plain samples alone. */
  readonly fewer: readonly (Float32Array | null)[];
}

/** Yields after each short piece of work. */
export function* learnGuess(
  samples: readonly Sample[],
  folds: Folds,
  pointCount: number,
): Generator<void, Guess> {
  const inputs = samples[0].global.length;
  const weights = new Float32Array((inputs + 1) * 2 * pointCount);
  const leftOut = samples.map(() => new Float32Array(2 * pointCount));
  const fewer = samples.map(({ isPlain }) => (isPlain ? new Float32Array(2 * pointCount) : null));
  for (const points of groupsOf(samples, pointCount)) {
    const coordinates = points.flatMap((p) => [2 * p, 2 * p + 1]);
    const sums = Array.from({ length: folds.count }, () => createMoments(inputs, coordinates.length));
    for (const { picture, marked, global } of samples) {
      if (Number.isNaN(marked[coordinates[0]])) continue;
      addSample(
        sums[folds.of(picture)],
        global,
        coordinates.map((c) => marked[c]),
      );
      yield;
    }
    const whole = solveRidge(sumOf(sums), RIDGE);
    for (let i = 0; i <= inputs; i++)
      coordinates.forEach((c, at) => (weights[i * 2 * pointCount + c] = whole[i * coordinates.length + at]));
    yield;
    for (let fold = 0; fold < folds.count; fold++) {
      const others = solveOf(sums, folds.without(fold)) ?? whole;
      yield;
      const half = solveOf(sums, folds.halfWithout(fold)) ?? others;
      yield;
      samples.forEach(({ picture, global }, s) => {
        if (folds.of(picture) !== fold) return;
        const put = (to: Float32Array, values: Float32Array) =>
          coordinates.forEach((c, at) => (to[c] = values[at]));
        put(leftOut[s], applyRidge(others, global));
        if (fewer[s]) put(fewer[s], applyRidge(half, global));
      });
      yield;
    }
  }
  return { weights, leftOut, fewer };
}

/** Null where none of these parts has the points. */
function solveOf(sums: readonly Moments[], parts: readonly number[]): Float32Array | null {
  const there = parts.map((part) => sums[part]).filter(({ count }) => count > 0);
  return there.length > 0 ? solveRidge(sumOf(there), RIDGE) : null;
}

/** Points that are marked in the same pictures share one regression. */
function groupsOf(samples: readonly Sample[], pointCount: number): number[][] {
  const groups = new Map<string, number[]>();
  for (let p = 0; p < pointCount; p++) {
    const key = samples.map(({ marked }) => (Number.isNaN(marked[2 * p]) ? '0' : '1')).join('');
    groups.set(key, [...(groups.get(key) ?? []), p]);
  }
  return [...groups.values()];
}
