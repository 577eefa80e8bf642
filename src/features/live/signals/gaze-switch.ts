/** Switching gaze on and off. */

import type { Settings } from '../../../services/settings';
import { isOfGaze } from '../../../shared/format/signal-kinds';

/** What changes with the switch: while gaze is off its rows are not there, so that nobody could untick their strips. */
export function withGaze(gaze: boolean, strips: Settings['strips']): Pick<Settings, 'gaze' | 'strips'> {
  return { gaze, strips: gaze ? strips : strips.filter((id) => !isOfGaze(id)) };
}
