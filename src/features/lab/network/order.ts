/** In which order the channels of a sheet are shown. */

/** Channels by their variance, the largest first. */
export function byVariance(variances: ArrayLike<number>): number[] {
  return Array.from(variances, (_, i) => i).sort(
    (one, other) => variances[other] - variances[one] || one - other,
  );
}

/** As many columns as make the sheet about as wide as high in tiles, at most `most`. */
export function columnsFor(tiles: number, most: number): number {
  return Math.max(1, Math.min(most, Math.ceil(Math.sqrt(tiles))));
}
