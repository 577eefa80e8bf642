/** What a person can do to the marks on the picture in the viewer: the viewer's gestures and keys, on points of a person's own. */

import type { Point } from '../../../engine/geometry';
import type { PhotoLibrary } from '../library.svelte';
import {
  addMarked,
  clearMarks,
  likelyPlace,
  markedOf,
  moveMarks,
  placeMark,
  removeMarked,
  setBox,
  type Marks,
  type MarkStart,
} from '../marks/marks';
import type { MarkScheme, PhotoFace } from '../types';
import type { Corrections } from '../viewer/corrections';
import type { Viewer } from '../viewer/viewer.svelte';

export interface MarkingScene {
  readonly photoId: string;
  readonly scheme: MarkScheme;
  /** What the model that is shown has found in the picture. */
  readonly found: readonly PhotoFace[];
}

export function markCorrections(
  library: PhotoLibrary,
  viewer: Viewer,
  scene: () => MarkingScene,
): Corrections {
  const { marking } = library;

  const marks = (): Marks => marking.marksOf(scene().photoId, scene().scheme.id);

  function change(next: (marks: Marks) => Marks, gesture?: symbol): void {
    const { photoId, scheme } = scene();
    marking.mark(photoId, scheme.id, next, gesture);
  }

  /** Ids below 0 are faces that were found, on which nothing is marked yet. */
  function startOf(faceId: number): MarkStart {
    const face = scene().found.find(({ id }) => id === -faceId);
    if (!face) throw new Error(`face ${-faceId}: is not in this picture any more`);
    // As the network saw the face, whatever was corrected since.
    const { box, points } = face.network;
    return { box, landmarks: { model: library.shown(), points } };
  }

  function nextUnmarked(faceId: number, after: number): number | null {
    const { points } = scene().scheme;
    const face = markedOf(marks(), faceId);
    const order = points.map((_, i) => (after + 1 + i) % points.length);
    return order.find((i) => !(points[i].id in face.points)) ?? null;
  }

  function place(faceId: number, index: number, at: Point | null): void {
    const point = scene().scheme.points[index];
    if (!point) return;
    let id = faceId;
    change((before) => {
      const begun = faceId < 0 ? addMarked(before, startOf(faceId)) : before;
      if (faceId < 0) id = begun[begun.length - 1].id;
      return placeMark(begun, id, point.id, at ?? placeByKey(id, point.id, begun));
    });
    viewer.chooseFace(id);
    // By key, a point is moved from where it was put; by hand it is where it belongs, and the next one is due.
    const next = at && nextUnmarked(id, index);
    viewer.choosePoints(at && next === null ? [] : [next ?? index]);
    const marked = `Point ${index + 1}, ${point.name}: marked`;
    viewer.message = next === null ? marked : `${marked}. Next: ${scene().scheme.points[next].name}`;
  }

  function placeByKey(id: number, point: string, begun: Marks): Point {
    const { scheme } = scene();
    const others = library.store.photos.flatMap((photo) => photo.marks[scheme.id] ?? []);
    return likelyPlace(markedOf(begun, id).box, point, others);
  }

  return {
    move(faceId, indices, by, gesture) {
      if (faceId < 0) return;
      const ids = indices.flatMap((i) => scene().scheme.points[i]?.id ?? []);
      change((before) => moveMarks(before, faceId, ids, by), gesture);
    },
    place,
    cancel: (gesture) => marking.cancel(scene().photoId, scene().scheme.id, gesture),
    async detectIn(box, faceId) {
      if (faceId !== null && faceId > 0) {
        change((before) => setBox(before, faceId, box));
        viewer.message = 'Box drawn anew; the marks stay';
        return;
      }
      change((before) => addMarked(before, { box, landmarks: null }));
      viewer.chooseFace(marks().at(-1)!.id);
      viewer.message = 'Box added';
    },
    remove(faceId) {
      if (faceId < 0) return;
      change((before) => removeMarked(before, faceId));
      viewer.chooseFace(null);
      viewer.message = 'Marks removed; undo brings them back';
    },
    reset(faceId, indices) {
      if (faceId < 0) return;
      const { points } = scene().scheme;
      const ids = (indices ?? points.map((_, i) => i)).map((i) => points[i].id);
      change((before) => clearMarks(before, faceId, ids));
      viewer.message = 'Mark cleared';
    },
    undo() {
      const { photoId, scheme } = scene();
      if (!marking.canUndo(photoId, scheme.id)) return;
      marking.undo(photoId, scheme.id);
      viewer.message = 'Undone';
    },
    redo() {
      const { photoId, scheme } = scene();
      if (!marking.canRedo(photoId, scheme.id)) return;
      marking.redo(photoId, scheme.id);
      viewer.message = 'Redone';
    },
  };
}
