/** Keys of the player. */

import { keyFocusOf, type KeyPress } from '../../../shared/ui/keys';

export type PlayerAction =
  | 'toggle'
  | 'next'
  | 'previous'
  | 'second-on'
  | 'second-back'
  | 'first'
  | 'last'
  | 'mute'
  | 'keys'
  | 'close'
  /** What was typed stays. */
  | 'leave-field';

export const shortcuts: readonly { readonly shown: string; readonly words: string }[] = [
  { shown: 'Space', words: 'Play or pause' },
  { shown: '← →', words: 'Previous or next frame' },
  { shown: 'Shift ← →', words: 'A second back or on' },
  { shown: 'Home End', words: 'First or last frame' },
  { shown: 'M', words: 'Sound on or off' },
  { shown: 'Esc', words: 'All films' },
];

const actions: Readonly<Record<string, PlayerAction>> = {
  ' ': 'toggle',
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  Home: 'first',
  End: 'last',
  m: 'mute',
};

/** What a key does; null where it is nobody's, or the focused element's own. */
export function actionOf(
  press: KeyPress & { readonly shiftKey: boolean },
  focused: Element | null,
): PlayerAction | null {
  const focus = keyFocusOf(focused);
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === 'Escape') return focus === 'types' ? 'leave-field' : 'close';
  if (focus === 'types') return null;
  if (press.key === '?') return 'keys';
  if (press.key === ' ' && focus === 'presses') return null;
  // A slider moves by itself, by the same keys.
  if (focused?.matches('input[type=range]') && !press.shiftKey) return null;
  const action = actions[press.key] ?? null;
  if (press.shiftKey && action === 'next') return 'second-on';
  if (press.shiftKey && action === 'previous') return 'second-back';
  return press.shiftKey ? null : action;
}
