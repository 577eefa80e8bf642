/** Keyboard shortcuts of the live page: one list for the handler and for the dialog that shows it. */

export type LiveAction =
  | 'freeze'
  | 'snapshot'
  | 'record'
  | 'mirror'
  | 'next-camera'
  | 'points'
  | 'contours'
  | 'mesh'
  | 'numbers'
  | 'spread'
  | 'smoother'
  | 'livelier'
  | 'more-faces'
  | 'fewer-faces'
  | 'meter'
  | 'help';

export interface Shortcut {
  readonly action: LiveAction;
  /** As `KeyboardEvent.key`, lower case. */
  readonly key: string;
  readonly shown: string;
  readonly words: string;
}

export const shortcuts: readonly Shortcut[] = [
  { action: 'freeze', key: ' ', shown: 'Space', words: 'Freeze, or go on' },
  { action: 'snapshot', key: 's', shown: 'S', words: 'Save a snapshot' },
  { action: 'record', key: 'v', shown: 'V', words: 'Record, or stop recording' },
  { action: 'mirror', key: 'r', shown: 'R', words: 'Mirror the picture' },
  { action: 'next-camera', key: 'c', shown: 'C', words: 'Next camera' },
  { action: 'points', key: '1', shown: '1', words: 'Draw points' },
  { action: 'contours', key: '2', shown: '2', words: 'Draw contours' },
  { action: 'mesh', key: '3', shown: '3', words: 'Draw a mesh' },
  { action: 'numbers', key: 'n', shown: 'N', words: 'Numbers of the points' },
  { action: 'spread', key: 'u', shown: 'U', words: 'Uncertainty: off, size, colour' },
  { action: 'smoother', key: ']', shown: ']', words: 'Smoother' },
  { action: 'livelier', key: '[', shown: '[', words: 'Livelier' },
  { action: 'more-faces', key: '+', shown: '+', words: 'One face more' },
  { action: 'fewer-faces', key: '-', shown: '−', words: 'One face fewer' },
  { action: 'meter', key: 'm', shown: 'M', words: 'Show or hide the meter' },
  { action: 'help', key: '?', shown: '?', words: 'This list' },
];

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * What a key press means, or null.
 * @param focus what the focused element does with keys itself: a control that Space presses, or one that takes letters
 */
export function actionOf(press: KeyPress, focus: 'nothing' | 'presses' | 'types'): LiveAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || focus === 'types') return null;
  if (press.key === ' ' && focus === 'presses') return null;
  return shortcuts.find(({ key }) => key === press.key.toLowerCase())?.action ?? null;
}

/** What an element does with keys; see `actionOf`. */
export function focusOf(element: Element | null): 'nothing' | 'presses' | 'types' {
  if (!element) return 'nothing';
  if (element.matches('select, textarea, input:not([type=checkbox], [type=radio], [type=range])'))
    return 'types';
  return element.matches('button, a[href], summary, input') ? 'presses' : 'nothing';
}
