/** What the mouth does, in the face's own frame. */

import type { Signals } from '../types';
import { gap, meanGap, type OwnPoints } from './own-frame';

/** The person's own. */
const CORNERS = { left: 54, right: 48 } as const;
const INNER_LIPS = [[61, 67], [62, 66], [63, 65]] as const; // prettier-ignore

/** @param rest the face at rest, whose mouth's width is the unit. */
export function mouthOf(own: OwnPoints, rest: OwnPoints): Signals['mouth'] {
  const restWidth = gap(rest, CORNERS.left, CORNERS.right);
  const width = gap(own, CORNERS.left, CORNERS.right);
  const above = (points: OwnPoints) => points[3 * CORNERS.left + 1] - points[3 * CORNERS.right + 1];
  return {
    opening: meanGap(own, INNER_LIPS) / restWidth,
    width: width / restWidth,
    asymmetry: above(own) / width,
  };
}
