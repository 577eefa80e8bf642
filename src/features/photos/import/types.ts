/** What import hands on. */

import type { Points } from '../../../engine/types';
import type { PictureError } from '../../../shared/imaging/picture-error';
import type { IncomingFile } from '../../../shared/imaging/types';
import type { Doubt } from './doubts';

/** A file that may be a picture, with the ground truth that came with it. Nothing of it is in memory yet. */
export interface IncomingPicture extends IncomingFile {
  /** One entry per face. */
  readonly truth: readonly Points<'image'>[];
}

/** Ground truth for a picture that is here, or that has just come: then it is known by the size of its file. */
export interface TruthFor {
  readonly folder: string;
  readonly name: string;
  readonly photoId?: string;
  readonly bytes?: number;
  readonly truth: readonly Points<'image'>[];
}

export interface Gathered {
  /** In the order of their paths. */
  readonly pictures: readonly IncomingPicture[];
  /** Points that came without their picture, for one that is here already. */
  readonly truths: readonly {
    readonly photoId: string;
    readonly truth: readonly Points<'image'>[];
    /** Whether they are further faces, beside those that the picture has. */
    readonly isFurther: boolean;
  }[];
  /** Points whose picture is not sure. */
  readonly doubts: readonly Doubt<TruthFor>[];
  /** `.json`, `.csv`, `.tsv`, `.xml` and `.tps` files, which may be landmarks exported before. */
  readonly landmarkFiles: readonly IncomingFile[];
  /** Files that could not be used, one error each. */
  readonly problems: readonly PictureError[];
}
