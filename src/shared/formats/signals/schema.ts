/** Signals of a face in Mien's JSON; see `Signals` in the engine's types. Left and right are the person's own. */

import * as v from 'valibot';
import { describe, number, numberBetween, numberFrom } from '../schema';

export const blink = v.object({
  eye: v.picklist(['left', 'right'], '"left" or "right"'),
  startMs: describe(number, 'When the eye began to shut, on the clock of timeMs.'),
  durationMs: numberFrom(0),
  depth: describe(number, 'How far it shut: 1 wholly.'),
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
});

export type SignalsRecord = v.InferOutput<typeof signals>;
