/** What intake hands on. */

import type { Points } from '../../engine/types';
import type { NewPhoto } from '../types';
import type { PhotoError } from './photo-error';

/** A file and where it lay in what was dropped or picked. */
export interface IncomingFile {
  readonly file: File;
  /** Slashes between folders and none at the ends; '' for none. */
  readonly folder: string;
}

/** A file that may be a picture, with the true points that came with it. Nothing of it is in memory yet. */
export interface IncomingPicture extends IncomingFile {
  /** One entry per `.pts` file of the picture. */
  readonly truth: readonly Points<'image'>[];
}

export interface Gathered {
  /** In the order of their paths. */
  readonly pictures: readonly IncomingPicture[];
  /** Points that came without their picture, for one that is here already. */
  readonly truths: readonly { readonly photoId: string; readonly truth: readonly Points<'image'>[] }[];
  /** `.json`, `.csv` and `.xml` files, which may be landmarks exported before. */
  readonly landmarkFiles: readonly IncomingFile[];
  /** Files that could not be used, one error each. */
  readonly problems: readonly PhotoError[];
}

/** A picture that has been decoded. */
export interface OpenedPicture {
  readonly photo: NewPhoto;
  /** All of its pixels, upright. Whoever receives it closes it. */
  readonly bitmap: ImageBitmap;
  /** What a person should know, such as that only the first frame of an animation is used; names the file. */
  readonly notes: readonly string[];
}
