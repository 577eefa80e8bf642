/** The second step of a head: each point is corrected by what the encoder sees about its guess. */

import { createRandom, normal } from '../random';
import { localAt } from './features';
import type { Folds } from './folds';
import type { Guess } from './guess';
import { addSample, applyRidge, createMoments, solveRidge, sumOf } from './moments';
import type { Sample } from './samples';

/** As measured on LFPW's training part, of 0.02 to 5. */
const RIDGE = 2;
/** Besides the guess itself, so many places about the mark are learned from, as far off as guesses are. */
const MORE_STARTS = 2;
/** How far off guesses are taken to be where none was left out, crop units. */
const UNKNOWN_SPREAD = 0.02;

/** A left-out picture's error, crop units. */
export interface LeftOutError {
  readonly picture: number;
  readonly error: number;
  /** Length of the correction. */
  readonly shift: number;
  /** The error with about half of the pictures. */
  readonly fewerError: number;
  /** The error of the mean place of the point in the other pictures. */
  readonly plainError: number;
}

export interface Refinement {
  /** (local inputs + 1, 2), the bias last. */
  readonly weights: Float32Array;
  readonly errors: readonly LeftOutError[];
}

/** Of point `p`. Yields after each short piece of work. */
export function* learnRefinement(
  p: number,
  samples: readonly Sample[],
  { leftOut, fewer }: Guess,
  folds: Folds,
  length: number,
): Generator<void, Refinement> {
  const random = createRandom(p + 1);
  const marked = samples.flatMap((sample, s) => {
    const [x, y] = sample.marked.subarray(2 * p, 2 * p + 2);
    return Number.isNaN(x)
      ? []
      : [{ sample, x, y, from: leftOut[s].subarray(2 * p), few: fewer[s]?.subarray(2 * p) }];
  });
  const squares = marked.reduce((sum, { x, y, from }) => sum + (from[0] - x) ** 2 + (from[1] - y) ** 2, 0);
  const deviation = folds.count > 1 ? Math.sqrt(squares / (2 * marked.length)) : UNKNOWN_SPREAD;
  const sums = Array.from({ length: folds.count }, () => createMoments(length, 2));
  for (const { sample, x, y, from } of marked) {
    for (let start = 0; start <= MORE_STARTS; start++) {
      const at = start === 0 ? from : [x + deviation * normal(random), y + deviation * normal(random)];
      const seen = localAt(sample.maps, at[0], at[1], length);
      addSample(sums[folds.of(sample.picture)], seen, [x - at[0], y - at[1]]);
    }
    yield;
  }
  const weights = solveRidge(sumOf(sums), RIDGE);
  yield;
  const errors: LeftOutError[] = [];
  for (let fold = 0; fold < folds.count; fold++) {
    const left = marked.filter(({ sample }) => sample.isPlain && folds.of(sample.picture) === fold);
    const solve = (parts: readonly number[]) => {
      const there = parts.map((part) => sums[part]).filter(({ count }) => count > 0);
      return there.length > 0 ? solveRidge(sumOf(there), RIDGE) : null;
    };
    const others = left.length > 0 ? solve(folds.without(fold)) : null;
    yield;
    if (!others) continue;
    const half = solve(folds.halfWithout(fold)) ?? others;
    yield;
    const rest = marked.filter(({ sample }) => sample.isPlain && folds.of(sample.picture) !== fold);
    const mean = [rest.reduce((sum, { x }) => sum + x, 0), rest.reduce((sum, { y }) => sum + y, 0)];
    for (const { sample, x, y, from, few } of left) {
      const [dx, dy] = applyRidge(others, localAt(sample.maps, from[0], from[1], length));
      const [fx, fy] = applyRidge(half, localAt(sample.maps, few![0], few![1], length));
      errors.push({
        picture: sample.picture,
        error: Math.hypot(from[0] + dx - x, from[1] + dy - y),
        shift: Math.hypot(dx, dy),
        fewerError: Math.hypot(few![0] + fx - x, few![1] + fy - y),
        plainError: Math.hypot(mean[0] / rest.length - x, mean[1] / rest.length - y),
      });
    }
  }
  return { weights, errors };
}
