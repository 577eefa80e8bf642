/** What each keyboard shortcut does to a session. */

import { maxFacesLimit } from '../../services/settings';
import { spreadStyles } from '../../shared/overlay/style';
import { withGaze } from './signals/gaze-switch';
import type { LiveAction } from './shortcuts';
import { nextOf } from '../../shared/next-of';
import type { LiveSession } from './session.svelte';

const smoothingStep = 0.1;

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
    case 'signals':
      return session.update({ signals: !settings.signals });
    case 'axes':
      return session.update({ axes: !settings.axes });
    case 'gaze':
      return session.update(withGaze(!settings.gaze, settings.strips));
  }
}

function nextCamera(session: LiveSession): void {
  const { source, cameras } = session;
  if (source?.kind !== 'camera' || cameras.length < 2) return;
  const ids = cameras.map(({ deviceId }) => deviceId);
  session.update({ cameraId: nextOf(ids, source.deviceId ?? '') });
}
