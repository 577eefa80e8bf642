/** One shape of the puppet. */

import type { Spot } from './solid';

export type PuppetPart =
  | 'neck'
  | 'hair'
  | 'face'
  | 'ear'
  | 'cheek'
  | 'eye'
  | 'iris'
  | 'lid'
  | 'brow'
  | 'nose'
  | 'mouth'
  | 'teeth'
  | 'tongue'
  | 'lips';

export interface PuppetShape {
  readonly part: PuppetPart;
  readonly spots: readonly Spot[];
  /** Filled outlines are closed; lines have a width in the same units. */
  readonly widths?: number;
  /** The shape that it does not leave, such as the eye of an iris. */
  readonly within?: readonly Spot[];
}
