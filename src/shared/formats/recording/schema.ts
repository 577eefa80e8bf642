/** A recording of the live view as JSON. `npm run schema` generates docs/recording.schema.json from this. */

import * as v from 'valibot';
import { place, scheme } from '../json/schema';
import { describe, integerFrom, numberBetween, numberFrom, text } from '../schema';
import { signals } from '../signals/schema';

export const recordedFace = v.object({
  id: describe(integerFrom(1), 'The same for as long as the face is followed.'),
  score: describe(numberBetween(0, 1), 'How sure the network is that this is a face.'),
  points: describe(v.array(place, 'an array'), 'x and y of each point, px from the top-left corner.'),
  spread: describe(
    v.nullable(v.array(numberFrom(0), 'an array')),
    'How far each point may be from its true place, px; null where the model does not give it.',
  ),
  visible: describe(
    v.optional(v.array(numberBetween(0, 1), 'an array')),
    'How likely each point is seen, and not hidden by the head itself or something in the way. Missing where the model does not say.',
  ),
  signals: describe(
    v.optional(signals),
    'What the face does. Missing in recordings made before there were signals, and where the model has none.',
  ),
});

export const recordedFrame = v.object({
  timeMs: describe(numberFrom(0), 'From the beginning of the video.'),
  faces: v.array(recordedFace, 'an array'),
});

export type RecordedFace = v.InferOutput<typeof recordedFace>;
export type RecordedFrame = v.InferOutput<typeof recordedFrame>;

export const recording = v.pipe(
  v.object({
    format: v.literal('mien-recording', '"mien-recording"'),
    version: v.literal(1, '1'),
    started: describe(text, 'ISO 8601.'),
    width: describe(integerFrom(1), 'Px of the picture.'),
    height: integerFrom(1),
    mirrored: describe(v.boolean('true or false'), 'Whether the video shows the picture as a mirror would.'),
    model: describe(text, 'Id of the model.'),
    scheme: v.object({ id: text, ...scheme.entries }),
    frames: v.array(recordedFrame, 'an array'),
  }),
  v.title('A recording of Mien, version 1'),
);
