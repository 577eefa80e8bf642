/** Errors of predicted points against true ones of which some may be missing (NaN); every mean goes over those there are. */
import type { Box, Scheme } from '../../src/engine/types';

export interface PartialError {
  /** Mean distance over the distance of the normalising pair, %; null where one of the pair is missing. */
  readonly nmeInterOcularPct: number | null;
  /** Mean distance over √(width · height) of the upright box of all true points there are, %. */
  readonly nmeBoxPct: number;
  /** The same of the inner points alone (17 to 67 of 68), over the same box; null where none is there. */
  readonly nmeInnerBoxPct: number | null;
  /** Inter-ocular NME of each group of points, %; without groups of which no point is there, empty without the pair. */
  readonly regions: Readonly<Record<string, number>>;
}

type Coordinates = ArrayLike<number>;

/** The first of the points that lie within the outline of the jaw, in iBUG's order. */
const FIRST_INNER = 17;

export const isThere = (points: Coordinates, k: number): boolean =>
  Number.isFinite(points[2 * k]) && Number.isFinite(points[2 * k + 1]);

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const meanOrNull = (values: readonly number[]): number | null => (values.length > 0 ? mean(values) : null);

/** Upright box of the points there are, image px. @throws when they span no area. */
export function boxOfPartial(points: Coordinates): Box<'image'> {
  const there = Array.from({ length: points.length / 2 }, (_, k) => k).filter((k) => isThere(points, k));
  const xs = there.map((k) => points[2 * k]);
  const ys = there.map((k) => points[2 * k + 1]);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  if (!(box.width > 0 && box.height > 0))
    throw new Error(`${there.length} points there are, and they span no box`);
  return box;
}

/** @throws when the points are not as many as the scheme has, or span no box. */
export function measurePartial(predicted: Coordinates, truth: Coordinates, scheme: Scheme): PartialError {
  const { pointCount, normalisingPair, groups } = scheme;
  if (predicted.length !== 2 * pointCount || truth.length !== 2 * pointCount)
    throw new Error(`${predicted.length / 2} and ${truth.length / 2} points, the scheme has ${pointCount}`);
  const off = Array.from({ length: pointCount }, (_, k) =>
    isThere(truth, k)
      ? Math.hypot(predicted[2 * k] - truth[2 * k], predicted[2 * k + 1] - truth[2 * k + 1])
      : null,
  );
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
  const box = boxOfPartial(truth);
  const side = Math.sqrt(box.width * box.height);
  const inner = pointCount > FIRST_INNER ? meanOrNull(known(off.slice(FIRST_INNER))) : null;
  const eyes =
    normalisingPair && normalisingPair.every((k) => isThere(truth, k))
      ? Math.hypot(
          ...[0, 1].map(
            (axis) => truth[2 * normalisingPair[0] + axis] - truth[2 * normalisingPair[1] + axis],
          ),
        )
      : null;
  const regions = Object.entries(groups).flatMap(([name, indices]): [string, number][] => {
    const error = meanOrNull(known(indices.map((k) => off[k])));
    return eyes === null || error === null ? [] : [[name, (100 * error) / eyes]];
  });
  return {
    nmeInterOcularPct: eyes === null ? null : (100 * mean(known(off))) / eyes,
    nmeBoxPct: (100 * mean(known(off))) / side,
    nmeInnerBoxPct: inner === null ? null : (100 * inner) / side,
    regions: Object.fromEntries(regions),
  };
}
