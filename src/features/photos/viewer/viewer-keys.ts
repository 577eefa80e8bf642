/** Keys of the page while a picture is open, wherever the focus is. */

import { keyFocusOf } from '../../../shared/ui/keys';
import type { StageKeys } from './gestures/stage-keys';
import { viewerActionOf, type ViewerAction } from './viewer-shortcuts';

export interface ViewerKeys {
  readonly stage: Pick<StageKeys, 'down'>;
  readonly act: (action: ViewerAction) => void;
  readonly close: () => void;
}

export function onViewerKey(event: KeyboardEvent, { stage, act, close }: ViewerKeys): void {
  if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
  // What is chosen is released first.
  if (event.key === 'Escape') {
    if (!stage.down(event)) close();
    return;
  }
  const action = viewerActionOf(event, keyFocusOf(document.activeElement) === 'types');
  if (!action) return;
  event.preventDefault();
  act(action);
}
