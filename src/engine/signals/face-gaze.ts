/** Where the eyes of one face look, frame by frame: which of them count, what is straight ahead for them, and their smoothing. */

import { pointAt, type Point } from '../geometry';
import type { EyeGaze, Gaze, Points } from '../types';
import { createCalibration } from './calibration';
import type { Camera } from './camera';
import { SHUT_OPENING, type PerEye } from './eyes';
import type { Fit } from './fit';
import {
  EYE_CORNERS,
  meanLook,
  seenEye,
  viewOfEye,
  type EyeView,
  type Look,
  type ReadEye,
  type SeenEye,
  type Side,
} from './gaze';
import { lookWeights } from './look-weights';
import { createLowPass } from './running';

const SIDES = ['left', 'right'] as const;

export interface GazeInput {
  /** Missing where nobody asked for gaze. */
  readonly eyes: PerEye<ReadEye | null> | undefined;
  /** How far each eye is open; null where it is hidden. */
  readonly openings: PerEye<number | null>;
  readonly fit: Fit;
  /** As smooth as they are reported. */
  readonly points: Points<'image'>;
  readonly camera: Camera;
  readonly timeMs: number;
  /** Time constant, ms. */
  readonly smoothMs: number;
}

export interface FaceGaze {
  /** @returns null where both eyes are shut or hidden. */
  measure(
    input: GazeInput,
  ): { readonly gaze: Gaze; readonly weights: Readonly<Record<string, number>> } | null;
  /** See `Engine.calibrate`: the eyes look into the camera. */
  calibrate(): void;
}

export function createFaceGaze(): FaceGaze {
  const ahead = { left: createAhead(), right: createAhead() };
  const smooth = { left: createLowPass(), right: createLowPass(), both: createLowPass() };
  const calibration = createCalibration();

  /** One eye, smoothed, and its angles in the head's axes; and the unsmoothed ones for the mean of both. */
  function measureEye(side: Side, eye: SeenEye, input: GazeInput, isCalibrating: boolean) {
    const { fit, points, camera, timeMs, smoothMs } = input;
    const { iris, corners } = eye;
    const { spread } = iris;
    const view = viewOfEye(side, eye, camera, fit);
    const inHead = ahead[side].correct(view, isCalibrating);
    const raw = view.toSight(inHead);
    const place = inFrame(iris, frameOf(corners));
    const values = [raw.yawDeg, raw.pitchDeg, inHead.yawDeg, inHead.pitchDeg, ...place];
    const [yawDeg, pitchDeg, headYawDeg, headPitchDeg, along, across] = smooth[side].next(
      values,
      timeMs,
      smoothMs,
    );
    const shown = outOfFrame([along, across], frameOf(cornersIn(points, side)));
    const gaze: EyeGaze = { ...shown, spread, yawDeg, pitchDeg };
    return { gaze, raw: { ...raw, spread }, inHead: { yawDeg: headYawDeg, pitchDeg: headPitchDeg } };
  }

  return {
    measure(input) {
      const { eyes, openings, timeMs, smoothMs } = input;
      // The person was asked to look into the camera.
      const isCalibrating = calibration.next(timeMs) !== 'over';
      const [left, right] = SIDES.map((side) => {
        const [read, opening] = [eyes?.[side], openings[side]];
        const eye = read ? seenEye(read) : null;
        return eye && opening !== null && opening >= SHUT_OPENING
          ? measureEye(side, eye, input, isCalibrating)
          : null;
      });
      const told = [left, right].filter((eye) => eye !== null);
      if (told.length === 0) return null;
      const mean = meanLook(told.map(({ raw }) => raw));
      const [yawDeg, pitchDeg] = smooth.both.next([mean.yawDeg, mean.pitchDeg], timeMs, smoothMs);
      // Eyes turn together: one that is not seen looks where the other does.
      const inHead = { left: (left ?? right)!.inHead, right: (right ?? left)!.inHead };
      const gaze = { yawDeg, pitchDeg, left: left?.gaze ?? null, right: right?.gaze ?? null };
      return { gaze, weights: lookWeights(inHead) };
    },
    calibrate() {
      calibration.ask();
      for (const side of SIDES) ahead[side].relearn();
    },
  };
}

/** What is straight ahead for one eye: people differ by some degrees in where their iris is when they look at something. */
function createAhead() {
  let count = 0;
  let offset: Look = { yawDeg: 0, pitchDeg: 0 };

  return {
    /**
     * The eye's angles in the head's axes by what is straight ahead for it.
     * @param looksIntoCamera then it is learnt from this frame as well.
     */
    correct({ inHead, cameraInHead }: EyeView, looksIntoCamera: boolean): Look {
      if (looksIntoCamera) {
        const share = 1 / ++count;
        offset = {
          yawDeg: offset.yawDeg + share * (inHead.yawDeg - cameraInHead.yawDeg - offset.yawDeg),
          pitchDeg: offset.pitchDeg + share * (inHead.pitchDeg - cameraInHead.pitchDeg - offset.pitchDeg),
        };
      }
      return { yawDeg: inHead.yawDeg - offset.yawDeg, pitchDeg: inHead.pitchDeg - offset.pitchDeg };
    },
    /** What is learnt next takes the place of what was learnt before. */
    relearn() {
      count = 0;
    },
  };
}

/** An eye in the picture: the middle of its corners, and half the way from one to the other. */
interface EyeFrame {
  readonly middle: Point;
  readonly half: Point;
}

function frameOf([one, other]: SeenEye['corners']): EyeFrame {
  return {
    middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
    half: { x: (other.x - one.x) / 2, y: (other.y - one.y) / 2 },
  };
}

function cornersIn(points: Points<'image'>, side: Side): SeenEye['corners'] {
  const [one, other] = EYE_CORNERS[side].map((i) => pointAt(points, i));
  return [one, other];
}

/** A place along the eye and down from it, in half its widths. */
function inFrame({ x, y }: Point, { middle, half }: EyeFrame): [number, number] {
  const [dx, dy] = [x - middle.x, y - middle.y];
  const square = half.x ** 2 + half.y ** 2;
  return [(dx * half.x + dy * half.y) / square, (dy * half.x - dx * half.y) / square];
}

function outOfFrame([along, down]: readonly [number, number], { middle, half }: EyeFrame): Point {
  return {
    x: middle.x + along * half.x - down * half.y,
    y: middle.y + along * half.y + down * half.x,
  };
}
