/**
 * What was learned: two ridge regressions. The first guesses all points from the base's points (or from the whole crop), the
 * second corrects each by what the encoder sees about the guess, as cascades of regressions do (Xiong and De la Torre 2013).
 */

import { EngineError } from '../errors';
import type { Model } from '../model/graph-model';
import type { Points } from '../types';
import { globalOf, localAt, localLength, type CropFeatures } from './features';
import { projectAll, type Projection } from './maps';
import { applyRidge } from './moments';
import type { OwnFaceHead } from './own-face';

export type Head = PointsHead | OwnFaceHead;

export interface PointsHead {
  readonly kind: 'points';
  /** The encoder's nodes that are read, from fine to coarse. */
  readonly nodes: readonly string[];
  readonly projections: readonly Projection[];
  /** Indices of the base's points that the guess is made from; none where boxes lead to the crop. */
  readonly basePoints: readonly number[];
  /** (inputs + 1, 2·points), the bias last. */
  readonly guess: Float32Array;
  /** (points, local inputs + 1, 2), the bias last. */
  readonly refine: Float32Array;
  /** (points, 2): the expected error of a point is the first plus the second times the length of its correction, crop units. */
  readonly spread: Float32Array;
}

export interface TaughtPoints {
  readonly points: Points<'crop'>;
  /** Expected distance of each point from its true place, crop units. */
  readonly spread: Float32Array;
}

/** @throws EngineError `bad-model` where the base lacks what the head reads. */
export function checkHead(head: Head, { manifest, nodes: there }: Pick<Model, 'manifest' | 'nodes'>): void {
  const missing = head.nodes.find((node) => !there.has(node));
  const bad = (what: string) =>
    new EngineError('bad-model', `taught model: its base ${manifest.id} has ${what}`);
  if (missing !== undefined) throw bad(`no node ${missing}`);
  const { pointCount } = manifest.scheme;
  const fits =
    head.kind === 'points'
      ? head.basePoints.every((index) => index < pointCount)
      : head.shift.length === 2 * pointCount;
  if (!fits) throw bad(`${pointCount} points, which are not those it was learned on`);
}

export function applyHead(head: PointsHead, { base, maps }: CropFeatures): TaughtPoints {
  const { projections, basePoints, guess, refine } = head;
  const projected = projectAll(maps, projections);
  const points: Points<'crop'> = applyRidge(guess, globalOf(base, projected, basePoints));
  const length = localLength(projections);
  const spread = new Float32Array(points.length / 2);
  for (let p = 0; p < spread.length; p++) {
    const [x, y] = [points[2 * p], points[2 * p + 1]];
    const weights = refine.subarray(p * (length + 1) * 2, (p + 1) * (length + 1) * 2);
    const [dx, dy] = applyRidge(weights, localAt(projected, x, y, length));
    points[2 * p] = x + dx;
    points[2 * p + 1] = y + dy;
    spread[p] = head.spread[2 * p] + head.spread[2 * p + 1] * Math.hypot(dx, dy);
  }
  return { points, spread };
}
