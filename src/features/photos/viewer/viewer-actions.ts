/** What each keyboard shortcut and each button of the toolbar does in the viewer. */

import { nextOf } from '../../../shared/next-of';
import type { Settings } from '../../../services/settings';
import { spreadStyles } from '../../../shared/overlay/style';
import type { PhotoFace } from '../types';
import type { Corrections } from './corrections';
import type { ViewerAction } from './viewer-shortcuts';
import { nextFace, type Viewer } from './viewer.svelte';

export interface ActionScene {
  readonly viewer: Viewer;
  readonly faces: readonly PhotoFace[];
  readonly corrections: Corrections;
  readonly settings: Settings;
  readonly onsettings: (patch: Partial<Settings>) => void;
  readonly onturn: (step: 1 | -1) => void;
  readonly onexport: () => void;
  readonly onhelp: () => void;
}

const zoomStep = 1.4;

export function actInViewer(action: ViewerAction, scene: ActionScene): void {
  const { viewer, faces, corrections, settings, onsettings } = scene;
  const face = faces.find(({ id }) => id === viewer.faceId) ?? null;
  switch (action) {
    case 'next':
      return scene.onturn(1);
    case 'previous':
      return scene.onturn(-1);
    case 'zoom-in':
      return viewer.zoom(zoomStep);
    case 'zoom-out':
      return viewer.zoom(1 / zoomStep);
    case 'whole':
      return viewer.showWhole();
    case 'zoom-to-face':
      return faces.length ? viewer.showBox((face ?? faces[0]).box) : undefined;
    case 'next-face':
      return stepFace(viewer, faces, 1);
    case 'previous-face':
      return stepFace(viewer, faces, -1);
    case 'add-face':
      return viewer.tool === 'box' ? viewer.setTool('correct') : viewer.startBox();
    case 'delete-face':
      return face ? corrections.remove(face.id) : undefined;
    case 'reset':
      return face ? corrections.reset(face.id, viewer.points.length ? viewer.points : undefined) : undefined;
    case 'undo':
      return corrections.undo();
    case 'redo':
      return corrections.redo();
    case 'points':
    case 'contours':
    case 'mesh':
      return onsettings({ overlay: action });
    case 'numbers':
      return onsettings({ numbers: !settings.numbers });
    case 'spread':
      return onsettings({ spread: nextOf(spreadStyles, settings.spread) });
    case 'export':
      return scene.onexport();
    case 'help':
      return scene.onhelp();
  }
}

/** Whether what comes next is done in the picture, by keys that it takes. */
export function goesOnInPicture(action: ViewerAction): boolean {
  return ['next-face', 'previous-face', 'add-face'].includes(action);
}

function stepFace(viewer: Viewer, faces: readonly PhotoFace[], step: 1 | -1): void {
  const face = nextFace(faces, viewer.faceId, step);
  viewer.chooseFace(face?.id ?? null);
  viewer.message = face ? `Face ${faces.indexOf(face) + 1} of ${faces.length}` : 'No face here';
}
