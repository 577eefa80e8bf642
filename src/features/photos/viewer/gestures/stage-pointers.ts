/** What pointers do on the viewer's picture: choose and drag points, draw a box, pan and zoom. */

import type { Point } from '../../../../engine/geometry';
import { isMissing } from '../../../../shared/missing-points';
import type { PhotoFace } from '../../types';
import type { Corrections } from '../corrections';
import { boxBetween, faceAt, pointAt, radiusFor } from '../canvas/hit';
import type { Drag, PointerHandlers, Press } from './pointers';
import type { Viewer } from '../viewer.svelte';

/** A box with a smaller side was not meant as one, CSS px. */
const MIN_BOX_PX = 12;

/** @param scene the faces shown now, and what corrects them; null where nothing can be corrected */
export function stagePointers(
  viewer: Viewer,
  scene: () => { readonly faces: readonly PhotoFace[]; readonly corrections: Corrections | null },
): PointerHandlers {
  const chosenFace = () => scene().faces.find(({ id }) => id === viewer.faceId) ?? null;

  /** The point meant, of the chosen face first: its points lie in front. */
  function landmarkAt({ place, pointerType }: Press): { face: PhotoFace; index: number } | null {
    const { viewport } = viewer;
    const face = chosenFace();
    if (!viewport || !face) return null;
    const index = pointAt(face, viewport, place, radiusFor(pointerType));
    return index === null ? null : { face, index };
  }

  function startBox({ place }: Press): Drag {
    const from = viewer.toImage(place);
    let to: Point = place;
    return {
      move(at) {
        to = at;
        viewer.box = boxBetween(from, viewer.toImage(at));
      },
      end() {
        const { box } = viewer;
        const isMeant = Math.min(Math.abs(to.x - place.x), Math.abs(to.y - place.y)) >= MIN_BOX_PX;
        viewer.box = null;
        if (!box || !isMeant) return;
        viewer.setTool('correct');
        scene().corrections?.detectIn(box, viewer.faceId);
      },
      cancel: () => (viewer.box = null),
    };
  }

  function startMove(press: Press, face: PhotoFace, index: number, corrections: Corrections): Drag {
    if (press.shiftKey) viewer.choosePoints([index], !viewer.points.includes(index));
    else if (!viewer.points.includes(index)) viewer.choosePoints([index]);
    const indices = viewer.points;
    const gesture = Symbol('drag');
    const from = viewer.toImage(press.place);
    let moved = false;
    return {
      move(at) {
        moved = true;
        const to = viewer.toImage(at);
        if (press.pointerType === 'touch') viewer.loupe = placeOf(face, index, to, from);
        corrections.move(face.id, indices, { x: to.x - from.x, y: to.y - from.y }, gesture);
      },
      end: () => (viewer.loupe = null),
      cancel() {
        viewer.loupe = null;
        if (moved) corrections.cancel(gesture);
      },
    };
  }

  return {
    press(press) {
      const { corrections } = scene();
      if (viewer.tool === 'box') return startBox(press);
      const hit = corrections && landmarkAt(press);
      return hit ? startMove(press, hit.face, hit.index, corrections) : null;
    },
    tap(press) {
      if (viewer.tool === 'box' || !viewer.viewport) return;
      const hit = landmarkAt(press);
      if (hit) return press.shiftKey ? undefined : viewer.choosePoints([hit.index]);
      const chosen = chosenFace();
      const [index, ...others] = viewer.points;
      if (chosen && index !== undefined && !others.length && isMissing(chosen.points, index)) {
        scene().corrections?.place(chosen.id, index, viewer.toImage(press.place));
        return;
      }
      const margin = radiusFor(press.pointerType);
      const face = faceAt(scene().faces, viewer.viewport, press.place, margin);
      viewer.choosePoints([]);
      viewer.chooseFace(face?.id ?? null);
    },
    doubleTap({ place, pointerType }) {
      if (!viewer.viewport) return;
      const face = faceAt(scene().faces, viewer.viewport, place, radiusFor(pointerType));
      if (!viewer.isWhole) viewer.showWhole();
      else if (face) viewer.showBox(face.box);
      else viewer.zoom(2.5, place);
    },
    pan: (dx, dy) => viewer.pan(dx, dy),
    zoom: (at, factor) => viewer.zoom(factor, at),
  };
}

/** Where a point of a face is once the pointer has gone from one place of the picture to another. */
function placeOf({ points }: PhotoFace, index: number, to: Point, from: Point): Point {
  return { x: points[2 * index] + to.x - from.x, y: points[2 * index + 1] + to.y - from.y };
}
