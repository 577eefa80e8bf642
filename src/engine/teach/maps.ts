/** Feature maps of the base's encoder: fewer channels, read between the cells. */

import { EngineError } from '../errors';

/** Maps of one crop, as tfjs lays them out: `values[(row · size + column) · channels + channel]`. */
export interface Maps {
  /** Cells each way. */
  readonly size: number;
  readonly channels: number;
  readonly values: Float32Array;
}

/** From many channels to few: (channels, kept), row by row. */
export interface Projection {
  readonly channels: number;
  readonly kept: number;
  readonly matrix: Float32Array;
}

/** Stages of the encoder that are read, from fine to coarse. */
const STAGES = 4;

/**
 * The last node of each of the encoder's stages, from fine to coarse.
 * @throws EngineError `bad-option` where the model has no such encoder.
 */
export function encoderNodes(nodes: ReadonlySet<string>, model: string): string[] {
  const last = new Map<number, string>();
  for (const name of nodes) {
    const stage = /^encoder\.stages\.(\d+)\.\d+\.relu$/.exec(name)?.[1];
    if (stage !== undefined) last.set(Number(stage), name);
  }
  const found = [...last].sort(([one], [other]) => one - other).map(([, name]) => name);
  if (found.length === STAGES) return found;
  throw new EngineError(
    'bad-option',
    `model ${model}: nothing can be taught on it, it has no encoder of ${STAGES} stages`,
  );
}

/** How often the power iteration goes round; the leading directions of feature maps are found after a few. */
const ROUNDS = 12;

/** The `kept` directions in which the channels of the maps vary most. */
export function fitProjection(maps: readonly Maps[], kept: number): Projection {
  const { channels } = maps[0];
  const covariance = covarianceOf(maps, channels);
  const width = Math.min(kept, channels);
  let basis = new Float64Array(channels * width);
  for (let i = 0; i < basis.length; i++) basis[i] = Math.cos(i * i + i);
  orthonormalise(basis, channels, width);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(channels * width);
    for (let i = 0; i < channels; i++) {
      for (let k = 0; k < channels; k++) {
        const share = covariance[i * channels + k];
        for (let j = 0; j < width; j++) next[i * width + j] += share * basis[k * width + j];
      }
    }
    orthonormalise(next, channels, width);
    basis = next;
  }
  return { channels, kept: width, matrix: Float32Array.from(basis) };
}

function covarianceOf(maps: readonly Maps[], channels: number): Float64Array {
  const sum = new Float64Array(channels);
  const products = new Float64Array(channels * channels);
  let count = 0;
  for (const { values } of maps) {
    for (let at = 0; at < values.length; at += channels) {
      count++;
      for (let i = 0; i < channels; i++) {
        const value = values[at + i];
        sum[i] += value;
        for (let j = 0; j <= i; j++) products[i * channels + j] += value * values[at + j];
      }
    }
  }
  for (let i = 0; i < channels; i++) {
    for (let j = 0; j <= i; j++) {
      const covariance = products[i * channels + j] / count - (sum[i] / count) * (sum[j] / count);
      products[i * channels + j] = products[j * channels + i] = covariance;
    }
  }
  return products;
}

/** Gram and Schmidt, column by column, in place; a column that is left with nothing becomes 0. */
function orthonormalise(basis: Float64Array, rows: number, columns: number): void {
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += basis[i * columns + a] * basis[i * columns + b];
    return sum;
  };
  for (let j = 0; j < columns; j++) {
    for (let k = 0; k < j; k++) {
      const share = dot(j, k);
      for (let i = 0; i < rows; i++) basis[i * columns + j] -= share * basis[i * columns + k];
    }
    const length = Math.sqrt(dot(j, j));
    for (let i = 0; i < rows; i++)
      basis[i * columns + j] = length > 1e-12 ? basis[i * columns + j] / length : 0;
  }
}

export function project({ size, values }: Maps, { channels, kept, matrix }: Projection): Maps {
  const cells = size * size;
  const reduced = new Float32Array(cells * kept);
  for (let cell = 0; cell < cells; cell++) {
    for (let i = 0; i < channels; i++) {
      const value = values[cell * channels + i];
      if (value === 0) continue;
      for (let j = 0; j < kept; j++) reduced[cell * kept + j] += value * matrix[i * kept + j];
    }
  }
  return { size, channels: kept, values: reduced };
}

/** Means over blocks of cells, so that `size` cells each way are left. */
export function pool(maps: Maps, size: number): Maps {
  const { channels, values } = maps;
  const block = maps.size / size;
  const pooled = new Float32Array(size * size * channels);
  for (let row = 0; row < maps.size; row++) {
    for (let column = 0; column < maps.size; column++) {
      const to = (Math.floor(row / block) * size + Math.floor(column / block)) * channels;
      const from = (row * maps.size + column) * channels;
      for (let c = 0; c < channels; c++) pooled[to + c] += values[from + c] / (block * block);
    }
  }
  return { size, channels, values: pooled };
}

/** Adds what the maps hold at x, y (crop units), bilinear between the cells' centres, to `to` from `at` on. */
export function readAt(
  { size, channels, values }: Maps,
  x: number,
  y: number,
  to: Float32Array,
  at: number,
): void {
  const [column, row] = [x, y].map((value) => Math.min(Math.max(value * size - 0.5, 0), size - 1));
  const [left, top] = [Math.min(Math.floor(column), size - 2), Math.min(Math.floor(row), size - 2)];
  const [right, down] = [column - left, row - top];
  for (let i = 0; i < 4; i++) {
    const share = (i % 2 ? right : 1 - right) * (i < 2 ? 1 - down : down);
    const from = ((top + (i < 2 ? 0 : 1)) * size + left + (i % 2)) * channels;
    for (let c = 0; c < channels; c++) to[at + c] += share * values[from + c];
  }
}

export const projectAll = (maps: readonly Maps[], projections: readonly Projection[]): Maps[] =>
  maps.map((map, stage) => project(map, projections[stage]));
