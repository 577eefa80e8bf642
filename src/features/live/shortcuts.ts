/** Keyboard shortcuts of the live page: one list for the handler and for the dialog that shows it. */

import type { KeyFocus, KeyPress } from '../../shared/ui/keys';

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
  | 'signals'
  | 'axes'
  | 'gaze'
  | 'help';

export interface Shortcut {
  readonly action: LiveAction;
  /** As `KeyboardEvent.key`, lower case. */
  readonly key: string;
  readonly shown: string;
  readonly words: string;
}

export const shortcuts: readonly Shortcut[] = [
  { action: 'freeze', key: ' ', shown: 'Space', words: 'Freeze or resume' },
  { action: 'snapshot', key: 's', shown: 'S', words: 'Save a snapshot' },
  { action: 'record', key: 'v', shown: 'V', words: 'Start or stop recording' },
  { action: 'mirror', key: 'r', shown: 'R', words: 'Mirror the picture' },
  { action: 'next-camera', key: 'c', shown: 'C', words: 'Next camera' },
  { action: 'points', key: '1', shown: '1', words: 'Draw points' },
  { action: 'contours', key: '2', shown: '2', words: 'Draw contours' },
  { action: 'mesh', key: '3', shown: '3', words: 'Draw a mesh' },
  { action: 'numbers', key: 'n', shown: 'N', words: 'Show point numbers' },
  { action: 'spread', key: 'u', shown: 'U', words: 'Uncertainty: off, size, colour' },
  { action: 'smoother', key: ']', shown: ']', words: 'More smoothing' },
  { action: 'livelier', key: '[', shown: '[', words: 'Less smoothing' },
  { action: 'more-faces', key: '+', shown: '+', words: 'One more face' },
  { action: 'fewer-faces', key: '-', shown: '−', words: 'One face fewer' },
  { action: 'meter', key: 'm', shown: 'M', words: 'Show or hide the meter' },
  { action: 'signals', key: 'g', shown: 'G', words: 'Show or hide the signals' },
  { action: 'axes', key: 'a', shown: 'A', words: 'Draw the axes of the head' },
  { action: 'gaze', key: 'e', shown: 'E', words: 'Tell where the eyes look' },
  { action: 'help', key: '?', shown: '?', words: 'Show this list' },
];

/**
 * What a key press means, or null.
 * @param focus what the focused element does with keys itself
 */
export function actionOf(press: KeyPress, focus: KeyFocus): LiveAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || focus === 'types') return null;
  if (press.key === ' ' && focus === 'presses') return null;
  return shortcuts.find(({ key }) => key === press.key.toLowerCase())?.action ?? null;
}
