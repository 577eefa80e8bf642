/**
 * Measures of a face in the picture, whatever its scheme: lengths, and what of a face without signals its points still tell.
 * Pure functions.
 */

import { angleBetween, meanPlace, type Point } from '../../../engine/geometry';
import type { Points, Scheme } from '../../../engine/types';
import { isMissing } from '../../../shared/missing-points';

/** Null where the scheme's points do not allow it, or one that it takes is missing. */
export interface FaceMeasures {
  /** Distance of the scheme's normalising pair, by which errors are divided: the outer eye corners. Image px. */
  readonly interOcularPx: number | null;
  /** Rotation of the line between the eyes; positive: clockwise. −180..180. */
  readonly rollDeg: number | null;
  /** Height over width of each eye's opening, the eye on the left of the face standing upright first; 0 when it is shut. */
  readonly eyeRatios: readonly [number, number] | null;
  /** Height over width of the inner lips' outline; 0 when the mouth is shut. */
  readonly mouthRatio: number | null;
}

export function measuresOf(points: Points<'image'>, scheme: Scheme): FaceMeasures {
  const { normalisingPair, names } = scheme;
  const innerLips = [...names.keys()].filter((i) => names[i].includes('inner lip'));
  const areThere = (indices: readonly number[]) => !indices.some((i) => isMissing(points, i));
  const eyes = scheme.eyes && areThere(scheme.eyes.flat()) ? scheme.eyes : null;
  return {
    interOcularPx:
      normalisingPair && areThere(normalisingPair)
        ? distance(placeOf(points, normalisingPair[0]), placeOf(points, normalisingPair[1]))
        : null,
    rollDeg: eyes && (angleBetween(meanPlace(points, eyes[0]), meanPlace(points, eyes[1])) * 180) / Math.PI,
    eyeRatios: eyes && [ratioOf(points, eyes[0]), ratioOf(points, eyes[1])],
    mouthRatio: innerLips.length > 2 && areThere(innerLips) ? ratioOf(points, innerLips) : null,
  };
}

/** Of an outline: how far it reaches across the line between its two corners, the points furthest apart, over that line. */
function ratioOf(points: Points<'image'>, indices: readonly number[]): number {
  const places = indices.map((i) => placeOf(points, i));
  const [from, to] = places
    .flatMap((one) => places.map((other) => [one, other] as const))
    .reduce((widest, pair) => (distance(...pair) > distance(...widest) ? pair : widest));
  const width = distance(from, to);
  if (width === 0) return 0;
  const heights = places.map(
    ({ x, y }) => ((to.x - from.x) * (y - from.y) - (to.y - from.y) * (x - from.x)) / width,
  );
  return (Math.max(...heights) - Math.min(...heights)) / width;
}

function placeOf(points: Points<'image'>, index: number): Point {
  return { x: points[2 * index], y: points[2 * index + 1] };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}
