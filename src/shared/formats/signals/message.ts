/** What Mien sends to other pages, and what they may ask: docs/streams.md. `npm run schema` writes docs/streams.schema.json. */

import * as v from 'valibot';
import { describe, integerFrom, number, numberBetween } from '../schema';
import { signals } from './schema';

const version = v.literal(1, '1');

const box = v.object({ x: number, y: number, width: number, height: number });

export const signalsMessage = v.object({
  type: v.literal('mien:signals', '"mien:signals"'),
  version,
  timeMs: describe(number, 'Of the frame, on Mien’s own clock; counts up.'),
  width: describe(integerFrom(1), 'Px of the picture.'),
  height: integerFrom(1),
  mirrored: describe(
    v.boolean('true or false'),
    'Whether Mien shows the picture as a mirror would. No number depends on it.',
  ),
  faces: v.array(
    v.object({
      id: describe(integerFrom(1), 'The same for as long as the face is followed.'),
      score: numberBetween(0, 1),
      box: describe(box, 'Px of the picture, from its top-left corner.'),
      signals: describe(v.optional(signals), 'Missing where the model has none.'),
    }),
    'an array',
  ),
});

export const statusMessage = v.object({
  type: v.literal('mien:status', '"mien:status"'),
  version,
  status: describe(
    v.picklist(['asking', 'allowed', 'refused'], '"asking", "allowed" or "refused"'),
    'What the person has answered. Also sent when it changes.',
  ),
});

export const subscribeMessage = v.object({ type: v.literal('mien:subscribe', '"mien:subscribe"'), version });

export const unsubscribeMessage = v.object({
  type: v.literal('mien:unsubscribe', '"mien:unsubscribe"'),
  version,
});

export const streamMessage = v.pipe(
  v.variant('type', [signalsMessage, statusMessage, subscribeMessage, unsubscribeMessage]),
  v.title('Messages between Mien and other pages, version 1'),
);

export type SignalsMessage = v.InferOutput<typeof signalsMessage>;
export type StatusMessage = v.InferOutput<typeof statusMessage>;
