/** What each keyboard shortcut does to a session. */

import { maxFacesLimit, spreadStyles } from '../storage/settings';
import type { LiveAction } from '../ui/shortcuts';
import type { LiveSession } from './live-session.svelte';

const smoothingStep = 0.1;

/** The one after `current` in a list, round and round. */
export function nextOf<T>(list: readonly T[], current: T): T {
  return list[(list.indexOf(current) + 1) % list.length];
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
/** Steps of a tenth, without the dust of binary fractions. */
const roundToStep = (value: number) => Math.round(value * 100) / 100;

/** @param onHelp shows the list of shortcuts */
export async function act(session: LiveSession, action: LiveAction, onHelp: () => void): Promise<void> {
  const { settings } = session;
  const smooth = (step: number) =>
    session.update({ smoothing: roundToStep(clamp(settings.smoothing + step, 0, 1)) });
  const faces = (step: number) =>
    session.update({ maxFaces: clamp(settings.maxFaces + step, 1, maxFacesLimit) });
  switch (action) {
    case 'help':
      return onHelp();
    case 'freeze':
      return session.toggleFreeze();
    case 'snapshot':
      return session.snapshot();
    case 'record':
      return session.toggleRecording();
    case 'mirror':
      return session.update({ mirror: session.mirrored ? 'off' : 'on' });
    case 'next-camera':
      return nextCamera(session);
    case 'points':
    case 'contours':
    case 'mesh':
      return session.update({ overlay: action });
    case 'numbers':
      return session.update({ numbers: !settings.numbers });
    case 'spread':
      return session.update({ spread: nextOf(spreadStyles, settings.spread) });
    case 'smoother':
      return smooth(smoothingStep);
    case 'livelier':
      return smooth(-smoothingStep);
    case 'more-faces':
      return faces(1);
    case 'fewer-faces':
      return faces(-1);
    case 'meter':
      return session.update({ meter: !settings.meter });
  }
}

export async function nextCamera(session: LiveSession): Promise<void> {
  const { source, cameras } = session;
  if (source?.kind !== 'camera' || cameras.length < 2) return;
  const ids = cameras.map(({ deviceId }) => deviceId);
  await session.update({ cameraId: nextOf(ids, source.deviceId ?? '') });
}
