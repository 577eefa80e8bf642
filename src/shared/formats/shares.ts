import type { Points } from '../../engine/types';
import { withoutMissing } from '../missing-points';

/** Fewer points may lie together by chance. */
const MIN_POINTS = 3;
/** Half a px more on either side than 0 to 1: formats count from other places. */
const [LOWEST, HIGHEST] = [-0.5, 1.5];

/** Whether coordinates must be shares of the picture rather than px: no face is as small as one px. */
export function areShares(points: Points<'image'>): boolean {
  const present = withoutMissing(points);
  return present.length >= 2 * MIN_POINTS && present.every((value) => value >= LOWEST && value <= HIGHEST);
}

/** @throws naming the file */
export function refuseShares(points: Points<'image'>, subject: string): void {
  if (areShares(points))
    throw new Error(
      `${subject}: all points of a face lie within one px: its coordinates are shares of the picture, not px`,
    );
}
