/** What keys do while the viewer's picture has the focus: pan, choose points, move them, draw a box. */

import type { Scheme } from '../../../../engine/types';
import { isMissing } from '../../../../shared/missing-points';
import type { PhotoFace } from '../../types';
import type { Corrections } from '../corrections';
import type { Viewer } from '../viewer.svelte';

export interface StageKeyScene {
  readonly faces: readonly PhotoFace[];
  readonly scheme: Scheme | null;
  readonly corrections: Corrections | null;
}

/** CSS px of one press of an arrow: for a point, a box and the picture. With Shift a point goes ten times as far. */
const stepPx = { point: 1, box: 8, pan: 60 };
const farther = 10;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface StageKeys {
  /** @returns whether the key meant something here */
  down(event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean;
  /** A key was let go, or the focus went: arrows held until now were one gesture. */
  up(): void;
}

/** @param turn shows the next (1) or previous (−1) picture */
export function stageKeys(
  viewer: Viewer,
  scene: () => StageKeyScene,
  turn: (step: 1 | -1) => void,
): StageKeys {
  let gesture: { readonly id: symbol; x: number; y: number } | null = null;

  function say(face: PhotoFace, scheme: Scheme): void {
    const chosen = viewer.points;
    if (chosen.length !== 1) {
      viewer.message = chosen.length ? `${chosen.length} points chosen` : 'No point chosen';
      return;
    }
    const [x, y] = [face.points[2 * chosen[0]], face.points[2 * chosen[0] + 1]];
    viewer.reveal({ x, y });
    const place = isMissing(face.points, chosen[0])
      ? 'missing; Enter puts it in the middle of the face'
      : `x ${x.toFixed(1)}, y ${y.toFixed(1)}`;
    viewer.message = `Point ${chosen[0] + 1}, ${scheme.names[chosen[0]]}: ${place}`;
  }

  function chosenFace(): PhotoFace | null {
    return scene().faces.find(({ id }) => id === viewer.faceId) ?? null;
  }

  function movePoints(face: PhotoFace, dx: number, dy: number): void {
    const { corrections } = scene();
    if (!corrections || !viewer.viewport) return;
    gesture ??= { id: Symbol('arrows'), x: 0, y: 0 };
    gesture.x += dx / viewer.viewport.a;
    gesture.y += dy / viewer.viewport.a;
    corrections.move(face.id, viewer.points, { x: gesture.x, y: gesture.y }, gesture.id);
  }

  function onBox(key: string, shiftKey: boolean): boolean {
    const arrow = arrows[key];
    if (arrow) viewer.changeBox(arrow[0] * stepPx.box, arrow[1] * stepPx.box, shiftKey);
    else if (key === 'Enter' && viewer.box) {
      const { box } = viewer;
      viewer.setTool('correct');
      scene().corrections?.detectIn(box, viewer.faceId);
    } else if (key === 'Escape') viewer.setTool('correct');
    else return false;
    return true;
  }

  function onPoints(key: string, shiftKey: boolean, face: PhotoFace, scheme: Scheme): boolean {
    const arrow = arrows[key];
    const step = stepPx.point * (shiftKey ? farther : 1);
    if (arrow) movePoints(face, arrow[0] * step, arrow[1] * step);
    else if (key === 'Tab') viewer.stepPoint(shiftKey ? -1 : 1, scheme.pointCount);
    else if (key === 'Enter' && viewer.points.length === 1 && isMissing(face.points, viewer.points[0]))
      scene().corrections?.place(face.id, viewer.points[0], null);
    else if (key === 'g' || key === 'G') viewer.choosePart(scheme);
    else if (key === 'Escape') viewer.choosePoints([]);
    else return false;
    const now = chosenFace();
    if (now) say(now, scheme);
    return true;
  }

  function onPicture(key: string): boolean {
    const arrow = arrows[key];
    if (!arrow) return false;
    const [dx, dy] = arrow;
    if (!viewer.isWhole) viewer.pan(-dx * stepPx.pan, -dy * stepPx.pan);
    else if (dx) turn(dx > 0 ? 1 : -1);
    return true;
  }

  function onFace(key: string, face: PhotoFace, scheme: Scheme): boolean {
    if (key === 'Enter') viewer.choosePoints([0]);
    else if (key === 'a' || key === 'A')
      viewer.choosePoints(Array.from({ length: scheme.pointCount }, (_, index) => index));
    else if (key === 'Escape') viewer.chooseFace(null);
    else return false;
    say(face, scheme);
    return true;
  }

  return {
    down({ key, shiftKey, ctrlKey, metaKey, altKey }) {
      if (ctrlKey || metaKey || altKey) return false;
      if (viewer.tool === 'box') return onBox(key, shiftKey);
      const { faces, scheme } = scene();
      if (key === 'Enter' && viewer.faceId === null && faces.length) viewer.chooseFace(faces[0].id);
      const face = chosenFace();
      if (face && scheme && viewer.points.length && onPoints(key, shiftKey, face, scheme)) return true;
      if (face && scheme && onFace(key, face, scheme)) return true;
      return onPicture(key);
    },
    up: () => (gesture = null),
  };
}
