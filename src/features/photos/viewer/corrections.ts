/** What a person can do to the faces of the picture in the viewer, and what a screen reader says of it. */

import { centreOf, type Point } from '../../../engine/geometry';
import type { Box } from '../../../engine/types';
import type { PhotoLibrary } from '../library.svelte';
import { deleteFace, faceOf, movePoints, placePoint, resetPoints } from '../corrections/faces';
import type { Viewer } from './viewer.svelte';

export interface Corrections {
  /** @param by px of the picture since the gesture began; all moves of one gesture are one step of undo */
  move(faceId: number, indices: readonly number[], by: Point, gesture: symbol): void;
  /** Puts one point, such as a missing one, at a place of the picture; null: where it is likely, to be moved from there. */
  place(faceId: number, index: number, at: Point | null): void;
  /** Takes back all moves of a gesture, as if it had never begun. */
  cancel(gesture: symbol): void;
  /** Detects a face in a box drawn by hand, in the place of the chosen face where there is one. */
  detectIn(box: Box<'image'>, faceId: number | null): Promise<void>;
  remove(faceId: number): void;
  /** @param indices all points when left out */
  reset(faceId: number, indices?: readonly number[]): void;
  undo(): void;
  redo(): void;
}

/**
 * Corrections of one picture of the library.
 * @param isOpen whether the viewer still shows that picture: a detection takes a while, and its outcome is said of no other
 */
export function correctionsOf(
  library: PhotoLibrary,
  photoId: string,
  viewer: Viewer,
  isOpen: (photoId: string) => boolean = () => true,
): Corrections {
  const { editor } = library;
  return {
    move: (faceId, indices, by, gesture) =>
      editor.correct(photoId, library.shown(), (faces) => movePoints(faces, faceId, indices, by), gesture),
    place(faceId, index, at) {
      editor.correct(photoId, library.shown(), (faces) =>
        placePoint(faces, faceId, index, at ?? centreOf(faceOf(faces, faceId).box)),
      );
      viewer.message = `Point ${index + 1} placed`;
    },
    cancel: (gesture) => editor.cancel(photoId, library.shown(), gesture),
    async detectIn(box, faceId) {
      const fail = () => {
        viewer.message = 'Detection in the box failed';
        viewer.problem = library.news.notices.at(-1)?.message ?? '';
      };
      viewer.problem = '';
      viewer.message = 'Detecting in the box…';
      if (faceId !== null) {
        const isReplaced = await library.replaceFace(photoId, faceId, box);
        if (!isOpen(photoId)) return;
        if (isReplaced) viewer.message = `Face ${faceId} redetected`;
        else fail();
        return;
      }
      const added = await library.addFace(photoId, box);
      if (!isOpen(photoId)) return;
      if (added === null) return fail();
      viewer.chooseFace(added);
      viewer.message = `Face ${added} added`;
    },
    remove(faceId) {
      editor.correct(photoId, library.shown(), (faces) => deleteFace(faces, faceId));
      viewer.chooseFace(null);
      viewer.message = `Face ${faceId} deleted; undo brings it back`;
    },
    reset(faceId, indices) {
      editor.correct(photoId, library.shown(), (faces) => resetPoints(faces, faceId, indices));
      viewer.message = indices ? 'Chosen points reset' : `Face ${faceId} reset to what was found`;
    },
    undo() {
      if (!editor.canUndo(photoId, library.model)) return;
      editor.undo(photoId, library.shown());
      viewer.message = 'Undone';
    },
    redo() {
      if (!editor.canRedo(photoId, library.model)) return;
      editor.redo(photoId, library.shown());
      viewer.message = 'Redone';
    },
  };
}
