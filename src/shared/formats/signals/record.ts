/** Signals of a face as plain JSON: in recordings and in what is sent to other pages. */

import type { Signals } from '../../../engine/types';
import { rounded } from '../names';
import type { SignalsRecord } from './schema';

export type { SignalsRecord } from './schema';

/** @param shiftMs from the clock of the frames to that of the record */
export function signalsRecord(
  { pose, eyes, mouth, expression, blinks }: Signals,
  shiftMs = 0,
): SignalsRecord {
  return {
    pose: {
      yawDeg: rounded(pose.yawDeg),
      pitchDeg: rounded(pose.pitchDeg),
      rollDeg: rounded(pose.rollDeg),
      matrix: Array.from(pose.matrix, rounded),
    },
    eyes: { left: rounded(eyes.left), right: rounded(eyes.right) },
    mouth: {
      opening: rounded(mouth.opening),
      width: rounded(mouth.width),
      asymmetry: rounded(mouth.asymmetry),
    },
    expression: Object.fromEntries(
      Object.entries(expression).map(([name, weight]) => [name, rounded(weight)]),
    ),
    blinks: blinks.map(({ eye, startMs, durationMs, depth }) => ({
      eye,
      startMs: rounded(startMs + shiftMs),
      durationMs: rounded(durationMs),
      depth: rounded(depth),
    })),
  };
}
