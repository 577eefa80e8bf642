/** What the two steps of a head see of a crop. */

import type { Points } from '../types';
import { pool, project, readAt, type Maps, type Projection } from './maps';

/** What one pass of the base tells of a crop. */
export interface CropFeatures {
  /** The base's points. */
  readonly base: Points<'crop'>;
  /** Of the encoder's stages, from fine to coarse. */
  readonly maps: readonly Maps[];
}

/** Channels that are kept of each stage. */
export const KEPT_CHANNELS = [6, 12, 24, 16] as const;
/** Where the refining step reads each stage: `grid` places each way about the point, `step` crop units apart; fine to coarse. */
const PLACES = [
  { grid: 3, step: 1 / 32 },
  { grid: 3, step: 1 / 16 },
  { grid: 1, step: 0 },
] as const;
/** Cells each way in which the whole crop is seen where a box leads to it. */
const WHOLE_SIZE = 4;

/** Values that the refining step reads about a point. */
export function localLength(projections: readonly Projection[]): number {
  return PLACES.reduce((sum, { grid }, stage) => sum + grid * grid * projections[stage].kept, 0);
}

/** Values that the first step sees. */
export function globalLength(projections: readonly Projection[], basePoints: readonly number[]): number {
  if (basePoints.length > 0) return 2 * basePoints.length;
  return WHOLE_SIZE * WHOLE_SIZE * (projections[2].kept + projections[3].kept);
}

/** So that each stage weighs the same: the mean square over the cells becomes 1 over the places that are read. */
export function balanced(projection: Projection, maps: readonly Maps[], stage: number): Projection {
  let [sum, cells] = [0, 0];
  for (const { values } of maps.map((map) => project(map, projection))) {
    for (const value of values) sum += value * value;
    cells += values.length / projection.kept;
  }
  const grid = PLACES.at(stage)?.grid ?? WHOLE_SIZE;
  const scale = sum > 0 ? 1 / Math.sqrt((sum / cells) * grid * grid) : 1;
  return { ...projection, matrix: projection.matrix.map((value) => value * scale) };
}

/** What the refining step reads about x, y of the projected maps. */
export function localAt(maps: readonly Maps[], x: number, y: number, length: number): Float32Array {
  const values = new Float32Array(length);
  let at = 0;
  PLACES.forEach(({ grid, step }, stage) => {
    for (let i = 0; i < grid * grid; i++) {
      const dx = ((i % grid) - (grid - 1) / 2) * step;
      const dy = (Math.floor(i / grid) - (grid - 1) / 2) * step;
      readAt(maps[stage], x + dx, y + dy, values, at);
      at += maps[stage].channels;
    }
  });
  return values;
}

/**
 * What the first step sees: some of the base's points or, where there are none, the whole crop.
 * @param basePoints indices of the base's points; none where a box led to the crop.
 */
export function globalOf(
  base: Points<'crop'>,
  maps: readonly Maps[],
  basePoints: readonly number[],
): Float32Array {
  if (basePoints.length > 0)
    return Float32Array.from(basePoints.flatMap((i) => [base[2 * i], base[2 * i + 1]]));
  const [middle, whole] = [maps[2], maps[3]].map((map) => pool(map, WHOLE_SIZE));
  return Float32Array.from([...middle.values, ...whole.values]);
}
