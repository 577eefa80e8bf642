/** What the live view does about settings that changed, whoever changed them. */

import type { Settings } from '../../services/settings';
import type { FrameSource } from '../../shared/camera/source';

type Names = readonly (keyof Settings)[];

const ofCamera: Names = ['cameraId', 'facing', 'resolution'];
const ofEngine: Names = ['model', 'detector'];
const ofFrames: Names = ['maxFaces', 'smoothing', 'signals', 'axes', 'gaze'];

/** `reopen`: opens the camera anew. `reload`: the same source, with an engine made anew. `track`: shows it with the next frame. */
export type FollowUp = 'reopen' | 'reload' | 'track' | 'none';

/** @param source that is open; null without one */
export function followUpOf(changed: Partial<Settings>, source: FrameSource['kind'] | null): FollowUp {
  const isAbout = (names: Names) => names.some((name) => name in changed);
  if (source === 'camera' && isAbout(ofCamera)) return 'reopen';
  if (source && isAbout(ofEngine)) return 'reload';
  return isAbout(ofFrames) ? 'track' : 'none';
}
