/** Types of teaching, of pictures wherever it runs: what a person marks, what is learned from it, and what the taught model says of itself. */

import type { Box, CallOptions, LearnKind, LearnReport, Points } from './types';

/** Points that a person named. */
export interface TaughtScheme {
  /** Letters, digits, dots and dashes, at most 64. */
  readonly id: string;
  readonly title: string;
  /** Their names, at least one, each unique. */
  readonly points: readonly string[];
  /** Pairs of indices that swap when the picture is mirrored. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Lists of indices, each drawn as one line. */
  readonly lines: readonly (readonly number[])[];
}

/** One marked thing in one picture. */
export interface MarkedPictureOf<Picture> {
  /**
   * What `detect` takes, or a function that brings it when its turn comes; the engine closes an `ImageBitmap` that comes from
   * there.
   */
  readonly picture: Picture | (() => Promise<Picture>);
  /**
   * Where the thing is: the base network's points of the face, image px, as `detect` gave them, or a box around the thing, drawn
   * by hand. All pictures of a request have the same kind.
   */
  readonly at: { readonly landmarks: Points<'image'> } | { readonly box: Box<'image'> };
  /** Two values a point of the scheme, image px; NaN where nobody marked it. */
  readonly points: Points<'image'>;
}

export interface LearnRequestOf<Picture> {
  /** `points`: the points of `scheme`. `my-face`: what to add to the base's own points for one person. */
  readonly kind: LearnKind;
  /** Null for `my-face`, whose points are the base's. */
  readonly scheme: TaughtScheme | null;
  /** At least one; errors are measured from three on. */
  readonly marked: readonly MarkedPictureOf<Picture>[];
  /** Indices of the base's points that learning does without; for measuring. Default none. */
  readonly without?: readonly number[];
  /** Name of a model of one's own face. Default "My face". */
  readonly title?: string;
}

/** `pictures`: each is read once. `learning`: steps of the mathematics and of measuring. */
export interface LearnProgress {
  readonly kind: 'pictures' | 'learning';
  readonly done: number;
  readonly total: number;
}

export interface LearnOptions extends CallOptions {
  readonly onProgress?: (progress: LearnProgress) => void;
  /**
   * Runs one step, which takes up to a tenth of a second; the app hands in turns of its engine host, so that live frames come between.
   * Default: steps follow each other, with the thread free in between.
   */
  readonly turn?: <T>(step: () => Promise<T>) => Promise<T>;
}

export interface Learned {
  /** The taught model's file, as `docs/teach.md` describes it; `taughtSource` makes it a model for `createEngine`. */
  readonly file: Uint8Array<ArrayBuffer>;
  readonly report: LearnReport;
}
