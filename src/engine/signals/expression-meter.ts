/** The expression of one face, frame by frame, by its look at rest. */

import type { HeadPose } from '../types';
import { expressionOf } from './expression';
import type { OwnPoints } from './own-frame';
import { createRest } from './rest';

export interface ExpressionMeter {
  /** The look at rest, as far as it is known. */
  readonly rest: OwnPoints;
  /** @returns a weight 0..1 for each of `movements`; the look at rest is learnt with it. */
  measure(
    own: OwnPoints,
    pose: Pick<HeadPose, 'yawDeg' | 'pitchDeg'>,
    time: { readonly seconds: number; readonly timeMs: number },
  ): number[];
  /** See `Engine.calibrate`. */
  calibrate(): void;
  /** One that knows the look at rest as well, and goes on by itself. */
  copy(): ExpressionMeter;
}

export function createExpressionMeter(rest = createRest()): ExpressionMeter {
  return {
    get rest() {
      return rest.points;
    },
    measure(own, { yawDeg, pitchDeg }, { seconds, timeMs }) {
      const weights = expressionOf(own, rest.points, yawDeg, pitchDeg, rest.known);
      const activity = weights.reduce((sum, weight) => sum + weight, 0);
      rest.learn(own, activity, yawDeg, pitchDeg, seconds, timeMs);
      return weights;
    },
    calibrate: () => rest.calibrate(),
    copy: () => createExpressionMeter(rest.copy()),
  };
}
