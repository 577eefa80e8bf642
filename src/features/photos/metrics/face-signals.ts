/** What a face does, as the engine tells it, of its points as they stand: found, corrected, or read from a file. */

import { DEFAULT_FIELD_OF_VIEW_DEG } from '../../../engine/options';
import { signalsOfStill } from '../../../engine/signals/face-signals';
import { hasSignals } from '../../../engine/signals/told';
import type { Scheme, Signals } from '../../../engine/types';
import type { Photo, PhotoFace } from '../types';

/**
 * Call it once `loadExpression` has settled. What takes a missing point is NaN.
 * @param photo whose middle the camera looks at.
 * @returns undefined where the scheme is not that of the 68 points, and for points that fit no head.
 */
export function signalsOfFace(
  { points, spread }: Pick<PhotoFace, 'points' | 'spread'>,
  scheme: Scheme,
  { width, height }: Pick<Photo, 'width' | 'height'>,
): Signals | undefined {
  if (!hasSignals(scheme)) return undefined;
  return signalsOfStill(points, spread, { width, height, fieldOfViewDeg: DEFAULT_FIELD_OF_VIEW_DEG });
}
