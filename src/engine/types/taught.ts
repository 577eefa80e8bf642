/** What a taught model says of itself: what it was learned from, and how well. */

/** `points`: points that a person named. `my-face`: the base's own points, corrected for one person. */
export type LearnKind = 'points' | 'my-face';

/**
 * Errors on pictures that were left out of learning, in % of the larger side of the face's box (of the base's points, or the box
 * drawn by hand).
 */
export interface LeaveOneOut {
  /** Mean over the pictures of the mean distance of the points. */
  readonly errorPct: number;
  /** Standard deviation of that over the pictures. */
  readonly spreadPct: number;
  /** Mean distance of each point; null for one that was marked in fewer than two pictures. */
  readonly perPointPct: readonly (number | null)[];
  /**
   * The same error of the plain guess: of `points` the mean shape, laid on the face's box; of `my-face` the base's own points.
   */
  readonly plainErrorPct: number;
}

export interface LearnReport {
  readonly pictures: number;
  /** Pictures in which each point is marked. */
  readonly marks: readonly number[];
  /** Null where there are fewer than three pictures. */
  readonly leaveOneOut: LeaveOneOut | null;
  /** Whether the error of left-out pictures is below the plain guess by `LEARNED_MARGIN` at least; false where it was not measured. */
  readonly learned: boolean;
  /** Errors of left-out pictures with fewer pictures to learn from, measured, ascending; ends with all but one. */
  readonly curve: readonly { readonly pictures: number; readonly errorPct: number }[];
}

/** What a taught model says of itself, in `Manifest.taught`. */
export interface TaughtInfo {
  readonly kind: LearnKind;
  /** Whether faces lead to its crop, or boxes alone (`Engine.landmarks`). */
  readonly crop: 'face' | 'box';
  readonly base: { readonly id: string; readonly sha256: string };
  readonly report: LearnReport;
}
