/** Switching gaze on and off. */

import type { Settings } from '../../../services/settings';

/** Ids of its signals, as in settings. */
export const gazeIds = ['gazeYaw', 'gazePitch'] as const;

/** Whether a movement of the expression, by ARKit's name, is told with the gaze alone. */
export const isOfGaze = (name: string): boolean => name.startsWith('eyeLook');

/** What changes with the switch: while gaze is off its rows are not there, so that nobody could untick their strips. */
export function withGaze(gaze: boolean, strips: Settings['strips']): Pick<Settings, 'gaze' | 'strips'> {
  const isGone = (id: string) => (gazeIds as readonly string[]).includes(id) || isOfGaze(id);
  return { gaze, strips: gaze ? strips : strips.filter((id) => !isGone(id)) };
}
