/** Which of the faces found is the annotated one. */
import { centreOf, overlap } from '../../src/engine/geometry';
import type { Box } from '../../src/engine/types';

/** The face whose box's centre lies nearest to that of `truth`; null when that one does not overlap it. */
export function nearestFace<F extends { readonly box: Box<'image'> }>(
  faces: readonly F[],
  truth: Box<'image'>,
): F | null {
  const middle = centreOf(truth);
  const distance = ({ box }: F): number => {
    const centre = centreOf(box);
    return Math.hypot(centre.x - middle.x, centre.y - middle.y);
  };
  const [nearest] = [...faces].sort((one, other) => distance(one) - distance(other));
  return nearest && overlap(nearest.box, truth) > 0 ? nearest : null;
}
