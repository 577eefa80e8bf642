/**
 * The nouns of Photos: a picture, the models that looked at it, and the faces each of them found. Plain data, never changed
 * in place: whoever changes one makes a new object, so that a comparison by identity tells what is new. Bitmaps are not part
 * of it; they are decoded from the picture's file when one is needed, and closed.
 */

import type { Face, Points, Scheme } from '../engine/types';

/** A face of a picture, as the network gave it or as a person corrected it. All points are in px of the full-size picture. */
export interface PhotoFace extends Face {
  /** Unique among the faces of one result. */
  readonly id: number;
  /** As the network gave it; `reset` returns to this. The spread of a point placed by hand is 0 in the face itself. */
  readonly network: Pick<Face, 'points' | 'spread' | 'box'>;
}

/** What one model found in one picture, with the corrections made since. */
export interface PhotoResult {
  /** Id of the model. */
  readonly model: string;
  readonly faces: readonly PhotoFace[];
  /** Whether a person changed anything. */
  readonly corrected: boolean;
}

/** What is remembered of a model that has looked at a picture, so that its results can be drawn and named without loading it. */
export interface PhotoModel {
  readonly id: string;
  readonly title: string;
  readonly family: 'regression' | 'heatmap';
  readonly scheme: Scheme;
}

/** Where a picture is on its way through the network. */
export type PhotoWork =
  /** No model has looked at it yet, or the work was called off. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  /** `message` names the picture and says why, fit for the screen. */
  | { readonly kind: 'failed'; readonly message: string };

/** A picture that intake has proven readable. Its full-size pixels are not in memory: `file` is read from disk when needed. */
export interface NewPhoto {
  /** Name of the file, such as `anna.jpg`. */
  readonly name: string;
  /** Folder it came from, with slashes between and none at the ends; '' where there was none. */
  readonly folder: string;
  /** MIME type by content, not by name. */
  readonly type: string;
  readonly file: Blob;
  /** Px of the full-size picture, its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** At most 256 px on its larger side. */
  readonly thumbnail: Blob;
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
  /** Result of each model that looked at it, by the model's id. */
  readonly results: Readonly<Record<string, PhotoResult>>;
  /** Whether the picture is in storage, so that it is there after a reload. */
  readonly isKept: boolean;
}
