/** The look of a face at rest, by which its expression is measured: learnt over time, or shown. */

import { createCalibration } from './calibration';
import { MEAN_FACE } from './face';
import type { OwnPoints } from './own-frame';
import { createRunningQuantile } from './running';

/** The mean face counts as much as so many seconds of the face itself. */
const MEAN_FACE_S = 1;
/** What was seen longer ago is forgotten, s. */
const MEMORY_S = 60;
/** A face is at rest in the calmest part of the time. */
const CALM_QUANTILE = 0.4;
const CALM_START = 1;
const CALM_PER_S = 0.3;
/** Turned further, its points tell its look less well. */
const MAX_YAW_DEG = 30;
const MAX_PITCH_DEG = 20;

export interface Rest {
  /** Blended with the mean face as long as it is not known well. */
  readonly points: OwnPoints;
  /** How well it is known: 0 the mean face alone, 1 this face alone. */
  readonly known: number;
  /** @param activity how much the face does now, in any unit that stays the same; @param seconds since the last frame. */
  learn(
    own: OwnPoints,
    activity: number,
    yawDeg: number,
    pitchDeg: number,
    seconds: number,
    timeMs: number,
  ): void;
  /** Takes the face for relaxed from the next frame on, for `CALIBRATION_MS`, and learns nothing more after that. */
  calibrate(): void;
  /** One that knows as much, and goes on by itself. */
  copy(): Rest;
}

export function createRest(): Rest {
  return goOn({ mean: Float64Array.from(MEAN_FACE.mean), seenS: 0, isShown: false });
}

interface Known {
  /** Of the frames at rest. */
  readonly mean: OwnPoints;
  /** How long these were. */
  readonly seenS: number;
  /** Whether it was shown: then nothing is learnt any more. */
  readonly isShown: boolean;
}

function goOn({ mean, seenS, isShown }: Known, calibration = createCalibration()): Rest {
  const calm = createRunningQuantile(CALM_START, CALM_QUANTILE, CALM_PER_S);

  function add(own: OwnPoints, seconds: number): void {
    const share = seconds / (seenS + seconds);
    mean = mean.map((value, i) => value + share * (own[i] - value));
    seenS = Math.min(MEMORY_S, seenS + seconds);
  }

  const known = () => (isShown ? 1 : seenS / (seenS + MEAN_FACE_S));

  return {
    get points() {
      const share = known();
      return mean.map((value, i) => share * value + (1 - share) * MEAN_FACE.mean[i]);
    },
    get known() {
      return known();
    },
    learn(own, activity, yawDeg, pitchDeg, seconds, timeMs) {
      const phase = calibration.next(timeMs);
      if (phase === 'first') seenS = 0;
      if (phase !== 'over') {
        isShown = true;
        // The first frame counts as well, which has no duration.
        add(own, Math.max(seconds, 0.001));
        return;
      }
      if (isShown || !(seconds > 0)) return;
      calm.add(activity, seconds);
      const isFrontal = Math.abs(yawDeg) < MAX_YAW_DEG && Math.abs(pitchDeg) < MAX_PITCH_DEG;
      if (isFrontal && activity <= calm.value) add(own, seconds);
    },
    calibrate: () => calibration.ask(),
    copy: () => goOn({ mean, seenS, isShown }, calibration.copy()),
  };
}
