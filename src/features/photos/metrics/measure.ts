/** Errors of predicted landmarks against true ones, by the same definitions as training/mien/metrics.py. */

import { centreOf, overlap } from '../../../engine/geometry';
import type { Box, Scheme } from '../../../engine/types';
import { presentPoints } from '../../../shared/missing-points';

/** NME above which a face counts as failed, and to which the area under the curve runs, %. */
export const FAILURE_PCT = 8;

export interface FaceError {
  /** Mean distance over the distance of the normalising pair, %. */
  readonly nmeInterOcularPct: number;
  /** Mean distance over √(width · height) of the true points' box, %. */
  readonly nmeBoxPct: number;
  /** Inter-ocular NME of each group of points, %. */
  readonly regions: Readonly<Record<string, number>>;
}

type Coordinates = ArrayLike<number>;

function distance(one: Coordinates, other: Coordinates, i: number, j = i): number {
  return Math.hypot(one[2 * i] - other[2 * j], one[2 * i + 1] - other[2 * j + 1]);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * From the points that are in both; a group without any has no entry in `regions`.
 * @throws when the points are not as many as the scheme has, or the true ones lack the normalising pair.
 */
export function measureFace(predicted: Coordinates, truth: Coordinates, scheme: Scheme): FaceError {
  if (predicted.length !== 2 * scheme.pointCount || truth.length !== 2 * scheme.pointCount) {
    throw new Error(
      `${predicted.length / 2} and ${truth.length / 2} points, the scheme has ${scheme.pointCount}`,
    );
  }
  if (!scheme.normalisingPair)
    throw new Error(`scheme ${scheme.id}: has no pair of points to normalise errors by`);
  const [first, second] = scheme.normalisingPair;
  const eyes = distance(truth, truth, first, second);
  if (Number.isNaN(eyes)) throw new Error('the points by whose distance errors are divided are missing');
  const errors = Array.from({ length: scheme.pointCount }, (_, i) => distance(predicted, truth, i));
  const known = errors.filter((error) => !Number.isNaN(error));
  const box = boxOfTruth(truth);
  const regions = Object.entries(scheme.groups).flatMap(([name, indices]) => {
    const own = indices.map((i) => errors[i]).filter((error) => !Number.isNaN(error));
    return own.length || !indices.length ? [[name, (100 * mean(own)) / eyes] as const] : [];
  });
  return {
    nmeInterOcularPct: (100 * mean(known)) / eyes,
    nmeBoxPct: (100 * mean(known)) / Math.sqrt(box.width * box.height),
    regions: Object.fromEntries(regions),
  };
}

export interface Summary extends FaceError {
  readonly images: number;
  readonly misses: number;
  readonly failureRate8Pct: number;
  readonly auc8Pct: number;
}

/**
 * @param errors one per picture, null where no face was found: those count as failures, and stay out of the means
 * @throws when no face was found at all
 */
export function summarise(errors: readonly (FaceError | null)[]): Summary {
  const found = errors.filter((error) => error !== null);
  if (found.length === 0) throw new Error(`no face found in any of ${errors.length} pictures`);
  const failed = errors.filter((error) => error === null || error.nmeInterOcularPct > FAILURE_PCT);
  // the area under the cumulative error curve from 0 to the limit, exactly: each face adds what lies right of its error
  const area = found.map((error) => Math.max(0, 1 - error.nmeInterOcularPct / FAILURE_PCT));
  const names = [...new Set(found.flatMap((error) => Object.keys(error.regions)))];
  const regionOf = (name: string) => mean(found.flatMap((error) => error.regions[name] ?? []));
  return {
    images: errors.length,
    misses: errors.length - found.length,
    nmeInterOcularPct: mean(found.map((error) => error.nmeInterOcularPct)),
    nmeBoxPct: mean(found.map((error) => error.nmeBoxPct)),
    failureRate8Pct: (100 * failed.length) / errors.length,
    auc8Pct: (100 * area.reduce((sum, value) => sum + value, 0)) / errors.length,
    regions: Object.fromEntries(names.map((name) => [name, regionOf(name)])),
  };
}

/** Upright box of x0, y0, x1, y1, …, image px, without the missing ones. */
export function boxOfTruth(points: Coordinates): Box<'image'> {
  const present = presentPoints(points);
  const xs = present.map((i) => points[2 * i]);
  const ys = present.map((i) => points[2 * i + 1]);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The face whose box's centre lies nearest to that of `truth`; null when that one does not overlap it. */
export function nearestFace<F extends { readonly box: Box<'image'> }>(
  faces: readonly F[],
  truth: Box<'image'>,
): F | null {
  const middle = centreOf(truth);
  const distanceTo = ({ box }: F): number => {
    const centre = centreOf(box);
    return Math.hypot(centre.x - middle.x, centre.y - middle.y);
  };
  const [nearest] = [...faces].sort((one, other) => distanceTo(one) - distanceTo(other));
  return nearest && overlap(nearest.box, truth) > 0 ? nearest : null;
}

/**
 * The cumulative error curve: for each limit the share (0..1) of all faces whose inter-ocular NME is at most that, %.
 * @param errors as for `summarise`: faces that were not found are never within
 */
export function cumulativeErrors(
  errors: readonly (FaceError | null)[],
  limitsPct: readonly number[],
): number[] {
  return limitsPct.map((limit) => {
    const within = errors.filter((error) => error !== null && error.nmeInterOcularPct <= limit);
    return within.length / errors.length;
  });
}
