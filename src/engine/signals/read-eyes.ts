/** The 68 points with the eyes as the eye network read them. */

import { meanPlace } from '../geometry';
import type { Points } from '../types';
import { EYE_POINTS, type PerEye } from './eyes';
import type { ReadEye } from './gaze';

/**
 * Spreads of lids from which on the eye network is doubted, and is not heard any more. On 139 held-out faces 0.031 (median; 90 % up
 * to 0.043) with eyes as they are, 0.028 (0.044) with lids drawn shut; 0.049 behind dark glasses drawn over them, 0.071 under a patch.
 */
const DOUBTED_SPREAD = 0.04;
const UNKNOWN_SPREAD = 0.055;

/**
 * A new array in which the points of each eye that is seen have their places among each other from the eye network. It has an
 * eye at twice the resolution and more, and knows a shut one; where the eye is in the face, the points keep telling.
 * @param points which may be smooth. @param rawPoints of this frame, as the eye network was shown them.
 */
export function withReadEyes(
  points: Points<'image'>,
  rawPoints: Points<'image'>,
  eyes: PerEye<ReadEye | null> | undefined,
  isSeen: PerEye<boolean>,
): Points<'image'> {
  const whole = Float32Array.from(points);
  for (const side of ['left', 'right'] as const) {
    const read = eyes?.[side];
    if (!read || !isSeen[side]) continue;
    const share = heardShare(read.lidSpread);
    const [to, from] = [points, rawPoints].map((all) => meanPlace(all, EYE_POINTS[side]));
    EYE_POINTS[side].forEach((point, i) => {
      const x = read.lids[2 * i] + to.x - from.x;
      const y = read.lids[2 * i + 1] + to.y - from.y;
      whole[2 * point] += share * (x - points[2 * point]);
      whole[2 * point + 1] += share * (y - points[2 * point + 1]);
    });
  }
  return whole;
}

/** How much of the eye is taken from the eye network, 0..1. */
function heardShare(lidSpread: number): number {
  return Math.max(0, Math.min(1, (UNKNOWN_SPREAD - lidSpread) / (UNKNOWN_SPREAD - DOUBTED_SPREAD)));
}
