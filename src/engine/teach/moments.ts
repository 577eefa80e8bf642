/**
 * Ridge regression from sums over samples. The sums of several sets of samples add up, so that a model without some of the
 * pictures costs no second look at the others.
 */

import { choleskyOf, solveCholesky } from './matrix';

/** Sums over samples of `inputs` and `outputs`. */
export interface Moments {
  readonly inputs: number;
  readonly outputs: number;
  count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** (inputs, inputs), lower triangle. */
  readonly xx: Float64Array;
  /** (inputs, outputs). */
  readonly xy: Float64Array;
}

export function createMoments(inputs: number, outputs: number): Moments {
  return {
    inputs,
    outputs,
    count: 0,
    x: new Float64Array(inputs),
    y: new Float64Array(outputs),
    xx: new Float64Array(inputs * inputs),
    xy: new Float64Array(inputs * outputs),
  };
}

export function addSample(moments: Moments, x: Float32Array, y: ArrayLike<number>): void {
  const { inputs, outputs, xx, xy } = moments;
  moments.count++;
  for (let c = 0; c < outputs; c++) moments.y[c] += y[c];
  for (let i = 0; i < inputs; i++) {
    const value = x[i];
    moments.x[i] += value;
    for (let j = 0, at = i * inputs; j <= i; j++) xx[at + j] += value * x[j];
    for (let c = 0, at = i * outputs; c < outputs; c++) xy[at + c] += value * y[c];
  }
}

/** The sums of all sets together. */
export function sumOf(sets: readonly Moments[]): Moments {
  const sum = createMoments(sets[0].inputs, sets[0].outputs);
  for (const set of sets) {
    sum.count += set.count;
    for (const key of ['x', 'y', 'xx', 'xy'] as const) {
      const [to, from] = [sum[key], set[key]];
      for (let i = 0; i < to.length; i++) to[i] += from[i];
    }
  }
  return sum;
}

/**
 * Weights (inputs + 1, outputs), the bias last, that minimise squared errors plus `ridge` times the inputs' mean variance over
 * their main directions times the squared weights.
 */
export function solveRidge({ inputs, outputs, count, x, y, xx, xy }: Moments, ridge: number): Float32Array {
  const centred = new Float64Array(inputs * inputs);
  const right = new Float64Array(inputs * outputs);
  let trace = 0;
  for (let i = 0; i < inputs; i++) {
    const mean = x[i] / count;
    for (let j = 0; j <= i; j++) centred[i * inputs + j] = xx[i * inputs + j] - mean * x[j];
    for (let c = 0; c < outputs; c++) right[i * outputs + c] = xy[i * outputs + c] - mean * y[c];
    trace += centred[i * inputs + i];
  }
  const penalty = (ridge * trace) / Math.min(inputs, count) + Number.EPSILON;
  for (let i = 0; i < inputs; i++) centred[i * inputs + i] += penalty;
  const slopes = solveCholesky(choleskyOf(centred, inputs), inputs, right);
  const weights = new Float32Array((inputs + 1) * outputs);
  weights.set(slopes);
  for (let c = 0; c < outputs; c++) {
    let bias = y[c] / count;
    for (let i = 0; i < inputs; i++) bias -= slopes[i * outputs + c] * (x[i] / count);
    weights[inputs * outputs + c] = bias;
  }
  return weights;
}

/** What the weights of `solveRidge` make of an input. */
export function applyRidge(weights: Float32Array, x: Float32Array): Float32Array {
  const outputs = weights.length / (x.length + 1);
  const y = weights.slice(-outputs);
  for (let i = 0; i < x.length; i++) {
    for (let c = 0, at = i * outputs; c < outputs; c++) y[c] += x[i] * weights[at + c];
  }
  return y;
}
