/** Pictures in parts, each of which is left out once: with up to `MAX_FOLDS` pictures each by itself. */

export const MAX_FOLDS = 6;

export interface Folds {
  readonly count: number;
  /** The part of a picture; neighbours are often alike, so they share one. */
  of(picture: number): number;
  /** All parts but one. */
  without(fold: number): number[];
  /** About half of the others, for an error with fewer pictures. */
  halfWithout(fold: number): number[];
}

export function foldsOf(pictures: number): Folds {
  const count = Math.min(MAX_FOLDS, pictures);
  const others = (fold: number) => Array.from({ length: count - 1 }, (_, i) => (fold + 1 + i) % count);
  return {
    count,
    of: (picture) => Math.floor((picture * count) / pictures),
    without: others,
    halfWithout: (fold) => others(fold).slice(0, Math.max(1, Math.floor(count / 2))),
  };
}
