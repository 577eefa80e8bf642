/** Learning from samples, in short pieces of work, so that live frames come between them. */

import type { LearnReport } from '../types';
import { localLength } from './features';
import { foldsOf } from './folds';
import { learnGuess } from './guess';
import type { Head } from './head';
import type { Projection } from './maps';
import { learnRefinement, type LeftOutError, type Refinement } from './refine';
import { meanOf, reportOf } from './report';
import type { Sample } from './samples';

export interface Lesson {
  readonly head: Head;
  readonly report: LearnReport;
}

interface LearnPlan {
  readonly samples: readonly Sample[];
  readonly projections: readonly Projection[];
  readonly nodes: readonly string[];
  readonly basePoints: readonly number[];
  readonly pointCount: number;
  readonly cropMargin: number;
}

/** Share of the work that the guess takes. */
const GUESS_SHARE = 0.1;
/** What a point is said to be off by where no error was measured, crop units. */
const UNKNOWN_ERROR = 0.03;

/** Yields the share that is done, after pieces of a few ms each. */
export function* learn(plan: LearnPlan): Generator<number, Lesson> {
  const { samples, projections, nodes, basePoints, pointCount, cropMargin } = plan;
  const pictures = samples.at(-1)!.picture + 1;
  const folds = foldsOf(pictures);
  const guess = yield* told(learnGuess(samples, folds, pointCount), 0);
  const length = localLength(projections);
  const refine = new Float32Array(pointCount * (length + 1) * 2);
  const spread = new Float32Array(2 * pointCount);
  const errors: (readonly LeftOutError[])[] = [];
  for (let p = 0; p < pointCount; p++) {
    const share = GUESS_SHARE + (1 - GUESS_SHARE) * (p / pointCount);
    const refinement: Refinement = yield* told(learnRefinement(p, samples, guess, folds, length), share);
    refine.set(refinement.weights, p * (length + 1) * 2);
    spread.set(spreadOf(refinement.errors), 2 * p);
    errors.push(refinement.errors);
  }
  const plain = samples.filter(({ isPlain }) => isPlain);
  const marks = Array.from(
    { length: pointCount },
    (_, p) => plain.filter(({ marked }) => !Number.isNaN(marked[2 * p])).length,
  );
  return {
    head: { kind: 'points', nodes, projections, basePoints, guess: guess.weights, refine, spread },
    report: reportOf(errors, pictures, marks, 100 * cropMargin),
  };
}

/** The work's pauses, each with the share that is done. */
function* told<T>(work: Generator<void, T>, share: number): Generator<number, T> {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    yield share;
  }
}

/** Error = first + second · length of the correction, by least squares, neither below 0. */
function spreadOf(errors: readonly LeftOutError[]): [number, number] {
  if (errors.length < 2) return [errors[0]?.error ?? UNKNOWN_ERROR, 0];
  const [meanError, meanShift] = [
    meanOf(errors.map(({ error }) => error)),
    meanOf(errors.map(({ shift }) => shift)),
  ];
  const covariance = meanOf(errors.map(({ error, shift }) => (error - meanError) * (shift - meanShift)));
  const variance = meanOf(errors.map(({ shift }) => (shift - meanShift) ** 2));
  const slope = variance > 0 ? Math.min(Math.max(covariance / variance, 0), meanError / meanShift) : 0;
  return [meanError - slope * meanShift, slope];
}
