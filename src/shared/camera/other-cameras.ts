/** Which cameras to go on with where one failed. Pure. */

import type { CameraEntry, Facing } from './camera-list';
import type { CameraProblem } from './camera-error';

/** What is wrong with one camera, and perhaps not with the others. */
const ELSEWHERE: readonly string[] = ['in-use', 'no-picture', 'unknown'] satisfies CameraProblem[];
/** There was none, or it went away: any in the list is there, or there again. */
const AWAY: readonly string[] = ['unplugged', 'no-camera'] satisfies CameraProblem[];

export interface FailedCamera {
  /** `Problem.code`. */
  readonly problem: string;
  /** Id of the camera that the settings name; null: the one that the browser takes. */
  readonly chosen: string | null;
  /** Id of the camera that ran last; null: none did. */
  readonly last: string | null;
  /** Which way the one was to look that the browser took. */
  readonly facing: Facing;
}

/**
 * All but one that failed. Where nobody chose, that is the one that ran last, unless it looks another way than was asked
 * for, or else the first that looks so, or the first: browsers list their default first.
 */
export function otherCameras(
  cameras: readonly CameraEntry[],
  { problem, chosen, last, facing }: FailedCamera,
): readonly CameraEntry[] {
  if (AWAY.includes(problem)) return cameras;
  if (!ELSEWHERE.includes(problem)) return [];
  const withId = (id: string | null) => cameras.find(({ deviceId }) => deviceId === id);
  const looksSo = (camera: CameraEntry) => camera.facing === facing;
  const ran = withId(last);
  const taken = ran && (ran.facing === null || looksSo(ran)) ? ran : cameras.find(looksSo);
  const failed = withId(chosen) ?? taken ?? cameras[0];
  return cameras.filter((camera) => camera !== failed);
}
