/** Which of the faces found has the points of which true one. */
import { boxOfPartial, isThere, mean } from './face-error';

/** A face's own points lie no further off, % of √(width · height) of the true box. */
export const OWN_POINTS_PCT = 8;
/** The points within the jaw's outline, in iBUG's order. */
const INNER = Array.from({ length: 51 }, (_, i) => 17 + i);

/** Mean distance of the inner points that were placed over √(width · height) of the whole face's box, %; NaN where none was. */
export function innerNmePct(
  points: ArrayLike<number>,
  truth: ArrayLike<number>,
  whole: ArrayLike<number>,
): number {
  const { width, height } = boxOfPartial(whole);
  const off = INNER.filter((k) => isThere(truth, k)).map((k) =>
    Math.hypot(points[2 * k] - truth[2 * k], points[2 * k + 1] - truth[2 * k + 1]),
  );
  return (100 * mean(off)) / Math.sqrt(width * height);
}

/**
 * @param truths true points of each face, NaN where nobody placed one. @param wholes all their points, those estimated.
 * @returns for each true face the index of the found one with its own points, −1 for none. Each is given away once, the closest
 *   pair first.
 */
export function ownFaces(
  found: readonly ArrayLike<number>[],
  truths: readonly ArrayLike<number>[],
  wholes: readonly ArrayLike<number>[],
): number[] {
  const pairs = truths.flatMap((truth, face) =>
    found.map((points, at) => ({ face, at, errorPct: innerNmePct(points, truth, wholes[face]) })),
  );
  const own = truths.map(() => -1);
  for (const { face, at, errorPct } of pairs.sort((one, other) => one.errorPct - other.errorPct))
    if (errorPct <= OWN_POINTS_PCT && own[face] < 0 && !own.includes(at)) own[face] = at;
  return own;
}
