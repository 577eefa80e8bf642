/** What a person may do to the faces of the picture in the viewer, and what is said of it. */

import type { Place } from '../../../engine/geometry';
import type { Box } from '../../../engine/types';
import type { PhotoLibraryView } from '../library-view';
import type { Viewer } from './viewer.svelte';

export interface Corrections {
  /** @param by px of the picture since the gesture began; all moves of one gesture are one step of undo */
  move(faceId: number, indices: readonly number[], by: Place, gesture: symbol): void;
  /** Looks for a face in a box drawn by hand, in the place of the chosen face when there is one. */
  lookIn(box: Box<'image'>, faceId: number | null): Promise<void>;
  remove(faceId: number): void;
  /** @param indices all points when left out */
  reset(faceId: number, indices?: readonly number[]): void;
  undo(): void;
  redo(): void;
}

/** Corrections of one picture of the library. */
export function correctionsOf(library: PhotoLibraryView, photoId: string, viewer: Viewer): Corrections {
  return {
    move: (faceId, indices, by, gesture) => library.movePoints(photoId, faceId, indices, by, gesture),
    async lookIn(box, faceId) {
      viewer.message = 'Looking in the box';
      if (faceId !== null) {
        await library.replaceFace(photoId, faceId, box);
        viewer.message = `Face ${faceId} found anew`;
        return;
      }
      const added = await library.addFace(photoId, box);
      if (added === null) return;
      viewer.chooseFace(added);
      viewer.message = `Face ${added} added`;
    },
    remove(faceId) {
      library.deleteFace(photoId, faceId);
      viewer.chooseFace(null);
      viewer.message = `Face ${faceId} deleted; undo brings it back`;
    },
    reset(faceId, indices) {
      library.resetPoints(photoId, faceId, indices);
      viewer.message = indices ? 'The chosen points are back' : `Face ${faceId} is as the network had it`;
    },
    undo() {
      if (!library.canUndo(photoId)) return;
      library.undo(photoId);
      viewer.message = 'Undone';
    },
    redo() {
      if (!library.canRedo(photoId)) return;
      library.redo(photoId);
      viewer.message = 'Done again';
    },
  };
}
