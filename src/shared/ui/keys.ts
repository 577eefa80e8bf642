/** Key presses, and what the focused element does with them itself. */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** `presses`: a control that Space presses; `types`: one that takes letters. */
export type KeyFocus = 'nothing' | 'presses' | 'types';

export function keyFocusOf(element: Element | null): KeyFocus {
  if (!element) return 'nothing';
  if (element.matches('select, textarea, input:not([type=checkbox], [type=radio], [type=range])'))
    return 'types';
  return element.matches('button, a[href], summary, input') ? 'presses' : 'nothing';
}
