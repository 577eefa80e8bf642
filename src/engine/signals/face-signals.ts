/** What one face does, frame by frame: the fit of its points, and all that follows from it. */

import type { Blink, Points, Signals } from '../types';
import { createBlinkDetector } from './blinks';
import type { Camera } from './camera';
import { movements } from './expression';
import { createExpressionMeter, type ExpressionMeter } from './expression-meter';
import { createEyeMeter, eyeRatios, seenEyes, SHUT_OPENING, type PerEye } from './eyes';
import { withReadEyes } from './read-eyes';
import { createFaceGaze } from './face-gaze';
import { fitFace, ownPoints, type Fit } from './fit';
import type { ReadEye } from './gaze';
import { mouthOf } from './mouth';
import { poseOf } from './pose';
import { createLowPass } from './running';

/** Time constants at the strongest smoothing, ms; at the default, 0.5, they are half as long. The pose is as smooth as the points. */
export const SMOOTHING_MS = { eyes: 40, mouth: 80, expression: 80, gaze: 60 } as const;

/** Movements of the eyes, told from the eyes as they were read: those of the mouth are told worse with these. */
const EYES = /^eye/;

/** No frame counts for more than so many seconds, as after a pause. */
const MAX_FRAME_S = 0.2;

/** A face of one frame. */
export interface SignalsInput {
  /** As smooth as they are reported. */
  readonly points: Points<'image'>;
  /** As the network found them: lids move faster than smoothed points follow. */
  readonly rawPoints: Points<'image'>;
  readonly spread: Float32Array | null;
  readonly camera: Camera;
  readonly timeMs: number;
  /** 0..1 */
  readonly smoothing: number;
  /** What the eye network read in each eye; missing where gaze is not asked for. */
  readonly readEyes?: PerEye<ReadEye | null>;
}

export interface FaceSignals {
  /** @returns undefined for points that show no face. */
  measure(input: SignalsInput): Signals | undefined;
  /** See `Engine.calibrate`. */
  calibrate(): void;
}

export function createFaceSignals(): FaceSignals {
  let last: Fit | null = null;
  let lastMs = Number.NaN;
  const expression = createExpressionMeter();
  /** That of the points with the eyes as they were read, once they were. */
  let ofEyes: ExpressionMeter | null = null;
  let areRead = false;
  // Points have a shut eye half open, the eye network has not: what one teaches is wrong of the other.
  const watches = { points: createEyeWatch(), read: createEyeWatch() };
  const gazeOf = createFaceGaze();
  const smooth = { eyes: createLowPass(), mouth: createLowPass(), expression: createLowPass() };

  /** @returns the opening of each eye, null of one that is hidden; and the blinks that ended. */
  function measureEyes(ratios: PerEye<number>, yawDeg: number, seconds: number, timeMs: number) {
    const { meters, detectors } = watches[areRead ? 'read' : 'points'];
    const seen = seenEyes(yawDeg);
    const blinks: Blink[] = [];
    const measureEye = (eye: Blink['eye']): number | null => {
      const meter = meters[eye];
      if (seen[eye]) meter.learn(ratios[eye], seconds);
      const closure = detectors[eye].next(seen[eye] ? ratios[eye] : null, timeMs);
      // One that was shut all the time and trembles does not blink.
      if (closure && meter.openingOf(closure.openWidth) >= SHUT_OPENING) {
        const { startMs, durationMs, width } = closure;
        meter.learnShut(width);
        blinks.push({ eye, startMs, durationMs, depth: Math.max(0, 1 - meter.openingOf(width)) });
      }
      return seen[eye] ? meter.openingOf(ratios[eye]) : null;
    };
    return { openings: { left: measureEye('left'), right: measureEye('right') }, blinks };
  }

  return {
    measure({ points, rawPoints, spread, camera, timeMs, smoothing, readEyes: eyes }) {
      const fit = fitFace(points, spread, camera, last);
      last = fit;
      if (!fit) return undefined;
      const seconds = Math.min(MAX_FRAME_S, Math.max(0, (timeMs - lastMs) / 1000)) || 0;
      lastMs = timeMs;
      const pose = poseOf(fit);
      const { yawDeg } = pose;
      const withEyes = (at: Points<'image'>) =>
        ownPoints(withReadEyes(at, rawPoints, eyes, seenEyes(yawDeg)), camera, fit);
      const own = ownPoints(points, camera, fit);
      areRead = eyes !== undefined;

      const { openings, blinks } = measureEyes(eyeRatios(withEyes(rawPoints)), yawDeg, seconds, timeMs);
      const time = { seconds, timeMs };
      const told = expression.measure(own, pose, time);
      const toldOfEyes = areRead
        ? (ofEyes ??= expression.copy()).measure(withEyes(points), pose, time)
        : told;
      const weights = movements().map((name, i) => (EYES.test(name) ? toldOfEyes : told)[i]);

      const filter = (what: keyof typeof smooth, values: readonly number[]) =>
        smooth[what].next(values, timeMs, smoothing * SMOOTHING_MS[what]);
      const { opening, width, asymmetry } = mouthOf(own, expression.rest);
      const mouth = filter('mouth', [opening, width, asymmetry]);
      // One that is hidden has the opening of the other.
      const [left, right] = filter('eyes', [
        openings.left ?? openings.right ?? 0,
        openings.right ?? openings.left ?? 0,
      ]);
      const smoothed = filter('expression', weights);
      const smoothMs = smoothing * SMOOTHING_MS.gaze;
      const looks = gazeOf.measure({ eyes, openings, fit, points, camera, timeMs, smoothMs });
      return {
        pose,
        eyes: { left, right },
        mouth: { opening: mouth[0], width: mouth[1], asymmetry: mouth[2] },
        expression: {
          ...Object.fromEntries(movements().map((name, i) => [name, smoothed[i]])),
          ...looks?.weights,
        },
        blinks,
        ...(looks && { gaze: looks.gaze }),
      };
    },
    calibrate() {
      expression.calibrate();
      if (areRead) ofEyes?.calibrate();
      else ofEyes = null;
      gazeOf.calibrate();
    },
  };
}

const createEyeWatch = () => ({
  meters: { left: createEyeMeter(), right: createEyeMeter() },
  detectors: { left: createBlinkDetector(), right: createBlinkDetector() },
});

/**
 * Of a face in a still. Of one in which points are missing (NaN in both coordinates) the pose is that of the others, and every
 * other signal that takes one is NaN. Call it once `loadExpression` has settled.
 * @returns undefined for points that show no face.
 */
export function signalsOfStill(
  points: Points<'image'>,
  spread: Float32Array | null,
  camera: Camera,
  readEyes?: PerEye<ReadEye | null>,
): Signals | undefined {
  const input = { points, rawPoints: points, spread, camera, readEyes };
  return createFaceSignals().measure({ ...input, timeMs: 0, smoothing: 0 });
}
