/** Places and distances in the face's own frame, where x runs to the right of the picture and y up, cm. */

/** x0, y0, z0, x1, …, of the 68 points. */
export type OwnPoints = Float64Array;

/** Seen from the front. */
export function gap(own: OwnPoints, one: number, other: number): number {
  return Math.hypot(own[3 * one] - own[3 * other], own[3 * one + 1] - own[3 * other + 1]);
}

export function meanGap(own: OwnPoints, pairs: readonly (readonly [number, number])[]): number {
  return pairs.reduce((sum, [one, other]) => sum + gap(own, one, other), 0) / pairs.length;
}
