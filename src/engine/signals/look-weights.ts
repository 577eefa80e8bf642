/** ARKit's weights of where eyes look, from their angles in the head's axes. */

import type { PerEye } from './eyes';
import type { Look } from './gaze';

/**
 * Angles of a weight of 1. The face model's own `eyeLook…` turn no eyeball; its upper lid, which follows the eye, goes 25° about the
 * eye's middle in `eyeLookDown`. To the side it tells nothing: 30° are what rigs of ARKit's weights commonly turn eyes by.
 */
const FULL_DEG = { side: 30, upOrDown: 25 } as const;

const weight = (deg: number, full: number): number => Math.min(1, Math.max(0, deg / full));

export function lookWeights({ left, right }: PerEye<Look>): Record<string, number> {
  const { side, upOrDown } = FULL_DEG;
  return {
    eyeLookUpLeft: weight(left.pitchDeg, upOrDown),
    eyeLookUpRight: weight(right.pitchDeg, upOrDown),
    eyeLookDownLeft: weight(-left.pitchDeg, upOrDown),
    eyeLookDownRight: weight(-right.pitchDeg, upOrDown),
    // The person's left is where yaw is positive.
    eyeLookInLeft: weight(-left.yawDeg, side),
    eyeLookInRight: weight(right.yawDeg, side),
    eyeLookOutLeft: weight(left.yawDeg, side),
    eyeLookOutRight: weight(-right.yawDeg, side),
  };
}
