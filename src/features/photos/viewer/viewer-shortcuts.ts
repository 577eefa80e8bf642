/** Keyboard shortcuts of the viewer: one list for the handler and for the dialog that shows it. */

import type { KeyPress } from '../../../shared/ui/keys';

export type ViewerAction =
  | 'next'
  | 'previous'
  | 'zoom-in'
  | 'zoom-out'
  | 'whole'
  | 'zoom-to-face'
  | 'next-face'
  | 'previous-face'
  | 'add-face'
  | 'delete-face'
  | 'reset'
  | 'undo'
  | 'redo'
  | 'points'
  | 'contours'
  | 'mesh'
  | 'numbers'
  | 'spread'
  | 'export'
  | 'help';

interface ViewerShortcut {
  readonly action: ViewerAction;
  /** As `KeyboardEvent.key`, letters in lower case. */
  readonly keys: readonly string[];
  /** Whether Ctrl (Command on a Mac) is held; Shift where it makes another action of the same key. */
  readonly ctrl?: true;
  readonly shift?: boolean;
  readonly shown: string;
  readonly words: string;
}

const actions: readonly ViewerShortcut[] = [
  { action: 'next', keys: ['PageDown'], shown: 'Page Down', words: 'Next picture' },
  { action: 'previous', keys: ['PageUp'], shown: 'Page Up', words: 'Previous picture' },
  { action: 'zoom-in', keys: ['+', '='], shown: '+', words: 'Zoom in' },
  { action: 'zoom-out', keys: ['-'], shown: '−', words: 'Zoom out' },
  { action: 'whole', keys: ['0'], shown: '0', words: 'Whole picture' },
  { action: 'zoom-to-face', keys: ['z'], shown: 'Z', words: 'Zoom to the face' },
  { action: 'next-face', keys: ['f'], shift: false, shown: 'F', words: 'Next face' },
  { action: 'previous-face', keys: ['f'], shift: true, shown: 'Shift F', words: 'Previous face' },
  {
    action: 'add-face',
    keys: ['b'],
    shown: 'B',
    words: 'Draw a box: add a face, or redetect the chosen one',
  },
  { action: 'delete-face', keys: ['Delete', 'Backspace'], shown: 'Delete', words: 'Delete the face' },
  { action: 'reset', keys: ['r'], shown: 'R', words: 'Reset moved points' },
  { action: 'redo', keys: ['z'], ctrl: true, shift: true, shown: 'Ctrl Shift Z', words: 'Redo' },
  { action: 'redo', keys: ['y'], ctrl: true, shown: 'Ctrl Y', words: 'Redo, alternative' },
  { action: 'undo', keys: ['z'], ctrl: true, shift: false, shown: 'Ctrl Z', words: 'Undo' },
  { action: 'points', keys: ['1'], shown: '1', words: 'Draw points' },
  { action: 'contours', keys: ['2'], shown: '2', words: 'Draw contours' },
  { action: 'mesh', keys: ['3'], shown: '3', words: 'Draw a mesh' },
  { action: 'numbers', keys: ['n'], shown: 'N', words: 'Numbers of the points' },
  { action: 'spread', keys: ['u'], shown: 'U', words: 'Uncertainty: off, size, colour' },
  { action: 'export', keys: ['e'], shown: 'E', words: 'Export' },
  { action: 'help', keys: ['?'], shown: '?', words: 'This list' },
];

/** Keys that work while the picture itself has the focus; `stageKeys` handles them. */
const onPicture = [
  { shown: 'Arrows', words: 'Pan; at full view: previous, next picture' },
  { shown: 'Enter', words: 'Choose the first point of the face' },
  { shown: 'Tab', words: 'Next point, with Shift the previous one' },
  { shown: 'Arrows', words: 'Move the chosen points, with Shift ten times as far' },
  { shown: 'G', words: 'Choose the whole group: an eye, a brow' },
  { shown: 'A', words: 'Choose all points of the face' },
  { shown: 'Escape', words: 'Deselect; then back to all pictures' },
];

export const viewerShortcuts: readonly { readonly shown: string; readonly words: string }[] = [
  ...actions,
  ...onPicture,
];

/**
 * What a key press means, or null.
 * @param types whether the focused element takes letters
 */
export function viewerActionOf(press: KeyPress & { shiftKey: boolean }, types: boolean): ViewerAction | null {
  if (types || press.altKey) return null;
  const ctrl = press.ctrlKey || press.metaKey;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const meant = actions.find(
    (one) =>
      one.keys.includes(key) &&
      (one.ctrl ?? false) === ctrl &&
      (one.shift ?? press.shiftKey) === press.shiftKey,
  );
  return meant?.action ?? null;
}
