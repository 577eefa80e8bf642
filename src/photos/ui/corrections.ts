/** What the viewer may ask for when a person corrects the faces of the picture it shows. */

import type { Place } from '../../engine/geometry';
import type { Box } from '../../engine/types';

export interface Corrections {
  /** @param by px of the picture since the gesture began; all moves of one gesture are one step of undo */
  move(faceId: number, indices: readonly number[], by: Place, gesture: symbol): void;
  /** Looks for a face in a box drawn by hand, in the place of the chosen face when there is one. */
  lookIn(box: Box<'image'>, faceId: number | null): void;
  remove(faceId: number): void;
  /** @param indices all points when left out */
  reset(faceId: number, indices?: readonly number[]): void;
  undo(): void;
  redo(): void;
}
