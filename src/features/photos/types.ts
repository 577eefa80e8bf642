/**
 * The nouns of Photos: a picture, the models that processed it, and the faces each of them found. Plain data, never changed
 * in place: whoever changes one makes a new object, so that a comparison by identity tells what is new. Bitmaps are not part
 * of it; they are decoded from the picture's file when one is needed, and closed.
 */

import type { Box, Face, LearnReport, Points, Scheme } from '../../engine/types';
import type { PictureFile } from '../../shared/imaging/types';

/** A face of a picture, as the network gave it or as a person corrected it. All points are in px of the full-size picture. */
export interface PhotoFace extends Face {
  /** Unique among the faces of one result. */
  readonly id: number;
  /** As the network gave it; `reset` returns to this. The spread of a point placed by hand is 0 in the face itself. */
  readonly network: Pick<Face, 'points' | 'spread' | 'box'>;
}

/**
 * The faces of one picture by one model. What the network found and what a person made of it stand side by side: another
 * pass of the model renews the first and leaves the second alone.
 */
export interface PhotoResult {
  /** Id of the model. */
  readonly model: string;
  /** What the model found in its last pass over the whole picture; null before the first. */
  readonly found: readonly PhotoFace[] | null;
  /** The faces as a person corrected them, which count wherever faces are shown; null where nothing is corrected. */
  readonly corrected: readonly PhotoFace[] | null;
}

/** Of one model's result, what changed: `found` by the model, `corrected` by a person, or both. */
export type ResultPatch = Pick<PhotoResult, 'model'> & Partial<PhotoResult>;

/** What is remembered of a model that has processed a picture, so that its results can be drawn and named without loading it. */
export interface PhotoModel {
  readonly id: string;
  readonly title: string;
  readonly family: 'regression' | 'heatmap';
  readonly scheme: Scheme;
}

/** A point that a person named. */
export interface MarkPoint {
  /** Stays when the point is renamed or moved up and down, so that its marks do. */
  readonly id: string;
  readonly name: string;
}

/** Points that a person named, to mark them on pictures and have a model learn them. */
export interface MarkScheme {
  readonly id: string;
  readonly title: string;
  /** In the order in which they are marked. */
  readonly points: readonly MarkPoint[];
  /** Taken out again; their marks stay, and come back with them. */
  readonly removed: readonly MarkPoint[];
  /** Ids of points that change places in a mirrored picture. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Ids of points that a line joins. */
  readonly lines: readonly (readonly [string, string])[];
  /** When it was made, ms since 1970; schemes are listed in this order. */
  readonly addedMs: number;
}

/** A face, or anything else in a box, on which a person marked points of a scheme. Px of the full-size picture. */
export interface MarkedFace {
  /** Unique among those of one picture and scheme; counts from 1. */
  readonly id: number;
  readonly box: Box<'image'>;
  /** What a model had found there when marking began; null in a box drawn by hand. */
  readonly landmarks: { readonly model: string; readonly points: Points<'image'> } | null;
  /** By the point's id; a point that is not marked has no entry. */
  readonly points: Readonly<Record<string, readonly [x: number, y: number]>>;
}

/** What was learned last of a scheme, or of a person's own face. */
export interface Lesson {
  /** The scheme's, or that of one's own face. */
  readonly id: string;
  /** Id of the taught model. */
  readonly model: string;
  readonly report: LearnReport;
  /** Tells whether what it was learned from has changed since. */
  readonly marksKey: string;
  readonly atMs: number;
}

/** Where a picture is on its way through the network. */
export type PhotoWork =
  /** No model has processed it yet, or the work was cancelled. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  /** `message` names the picture and says why, fit for the screen. */
  | { readonly kind: 'failed'; readonly message: string };

/** A picture that has been decoded successfully. Its full-size pixels are not in memory: `file` is read from disk when needed. */
export interface NewPhoto extends PictureFile {
  /** True points from `.pts` files that came with the picture, one entry per face; empty where none came. */
  readonly truth: readonly Points<'image'>[];
}

/** A picture of the library. Its file is in storage. */
export interface Photo extends Omit<NewPhoto, 'file'> {
  readonly id: string;
  /** Size of its file; with folder and name it tells whether the same picture comes again. */
  readonly bytes: number;
  /** When it was added, ms since 1970; pictures are shown in this order. */
  readonly addedMs: number;
  readonly work: PhotoWork;
  /** Result of each model that processed it, by the model's id. */
  readonly results: Readonly<Record<string, PhotoResult>>;
  /** What a person marked, by the id of the scheme. No detection changes it. */
  readonly marks: Readonly<Record<string, readonly MarkedFace[]>>;
  /** Whether the picture is in storage, so that it is there after a reload. */
  readonly isKept: boolean;
}

/** A model to choose from. */
export interface ModelChoice {
  readonly id: string;
  readonly title: string;
  /** Whether points can be learned on top of it: it ships, and is no classroom model. */
  readonly isBase: boolean;
}

/** Something that a person should know: a file that could not be read, a picture that was here already. */
export interface Notice {
  readonly kind: 'problem' | 'note';
  /** A sentence that names its subject. */
  readonly message: string;
}

/** Something that a person has to decide: which picture a file is about. */
export interface Question {
  /** A sentence or two that name the file. */
  readonly text: string;
  readonly choices: readonly { readonly label: string; readonly apply: () => void | Promise<void> }[];
}
