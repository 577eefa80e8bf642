/** Signals of a face in Mien's JSON; see `Signals` in the engine's types. Left and right are the person's own. */

import * as v from 'valibot';
import { describe, number, numberBetween, numberFrom } from '../schema';

export const blink = v.object({
  eye: v.picklist(['left', 'right'], '"left" or "right"'),
  startMs: describe(number, 'When the eye began to shut, on the clock of timeMs.'),
  durationMs: numberFrom(0),
  depth: describe(number, 'How far it shut: 1 wholly.'),
});

export const eyeGaze = v.object({
  x: describe(number, 'Middle of the iris, px from the top-left corner of the picture.'),
  y: number,
  spread: describe(numberFrom(0), 'How far it may be from its true place, px.'),
  yawDeg: describe(number, 'Where this eye looks, as for both.'),
  pitchDeg: number,
});

const eye = v.nullable(eyeGaze);

export const gaze = v.object({
  yawDeg: describe(number, 'Both eyes. Positive: to the right of the picture; 0, 0 looks into the camera.'),
  pitchDeg: describe(number, 'Positive: up.'),
  left: describe(eye, 'Null where the eye is shut or hidden.'),
  right: eye,
});

export const signals = v.object({
  pose: v.object({
    yawDeg: describe(number, 'Positive: looks to the right of the picture.'),
    pitchDeg: describe(number, 'Positive: looks up.'),
    rollDeg: describe(number, 'Positive: clockwise in the picture.'),
    matrix: describe(
      v.pipe(v.array(number, 'an array'), v.length(16, '16 numbers')),
      '4 × 4, column by column: from the head (cm; x to the right of the picture, y up, z to the viewer) to the camera.',
    ),
  }),
  eyes: describe(v.object({ left: number, right: number }), '0 shut, 1 as wide as this face’s own open eye.'),
  mouth: v.object({
    opening: describe(number, 'Gap of the inner lips over the width of the mouth at rest.'),
    width: describe(number, 'Over the width at rest.'),
    asymmetry: describe(number, 'Left corner higher than the right, over the width; 0 is even.'),
  }),
  expression: describe(
    v.record(v.string(), numberBetween(0, 1), 'an object'),
    'Weights of facial movements, by ARKit’s names.',
  ),
  blinks: describe(v.array(blink, 'an array'), 'Those that ended with this frame.'),
  gaze: describe(
    v.optional(gaze),
    'Where the eyes look. Missing where it was not asked for, and while both eyes are shut or hidden.',
  ),
});

export type GazeRecord = v.InferOutput<typeof gaze>;
export type SignalsRecord = v.InferOutput<typeof signals>;
