/** Switching gaze on and off. */

import type { Settings } from '../../../services/settings';
import { gazeIds, isOfGaze } from '../../../shared/format/signal-kinds';

/** What changes with the switch: while gaze is off its rows are not there, so that nobody could untick their strips. */
export function withGaze(gaze: boolean, strips: Settings['strips']): Pick<Settings, 'gaze' | 'strips'> {
  const isGone = (id: string) => (gazeIds as readonly string[]).includes(id) || isOfGaze(id);
  return { gaze, strips: gaze ? strips : strips.filter((id) => !isGone(id)) };
}
