/** Signals of a face as plain JSON: in recordings and in what is sent to other pages. */

import { applyToPoint, scaleOf } from '../../../engine/geometry';
import type { Affine, EyeGaze, Gaze, Signals } from '../../../engine/types';
import { rounded } from '../names';
import type { GazeRecord, SignalsRecord } from './schema';

export type { SignalsRecord } from './schema';

const identity: Affine<'image', 'view'> = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/**
 * @param shiftMs from the clock of the frames to that of the record
 * @param toRecord from px of the frame to px of the record's picture
 */
export function signalsRecord(
  { pose, eyes, mouth, expression, blinks, gaze }: Signals,
  shiftMs = 0,
  toRecord = identity,
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
    ...(gaze && { gaze: gazeRecord(gaze, toRecord) }),
  };
}

export function gazeRecord({ yawDeg, pitchDeg, left, right }: Gaze, toRecord = identity): GazeRecord {
  const eyeRecord = (eye: EyeGaze | null) => {
    if (!eye) return null;
    const { x, y } = applyToPoint(toRecord, eye);
    return {
      ...{ x: rounded(x), y: rounded(y), spread: rounded(eye.spread * scaleOf(toRecord)) },
      ...{ yawDeg: rounded(eye.yawDeg), pitchDeg: rounded(eye.pitchDeg) },
    };
  };
  return {
    ...{ yawDeg: rounded(yawDeg), pitchDeg: rounded(pitchDeg) },
    ...{ left: eyeRecord(left), right: eyeRecord(right) },
  };
}
