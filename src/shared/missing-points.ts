/** A point that nobody marked is NaN in both coordinates. It is never drawn, measured or guessed, and stays missing in files. */

import { boxOf } from '../engine/geometry';
import type { Box, Points, Space } from '../engine/types';

export function isMissing(points: ArrayLike<number>, index: number): boolean {
  return Number.isNaN(points[2 * index]) || Number.isNaN(points[2 * index + 1]);
}

/** Indices of the points that are there. */
export function presentPoints(points: ArrayLike<number>): number[] {
  return Array.from({ length: points.length / 2 }, (_, i) => i).filter((i) => !isMissing(points, i));
}

export function hasMissing(points: ArrayLike<number>): boolean {
  return presentPoints(points).length < points.length / 2;
}

/** Only the points that are there, in their order. */
export function withoutMissing<S extends Space>(points: Points<S>): Points<S> {
  if (!hasMissing(points)) return points;
  return Float32Array.from(presentPoints(points).flatMap((i) => [points[2 * i], points[2 * i + 1]]));
}

/** The smallest upright box around the points that are there. @throws when none is. */
export function boxOfPresent<S extends Space>(points: Points<S>): Box<S> {
  return boxOf(withoutMissing(points));
}
