/** Mien's own JSON. `npm run schema` generates docs/landmarks.schema.json from this, descriptions included. */

import * as v from 'valibot';
import { describe, integerFrom, number, numberBetween, numberFrom, text } from '../schema';

export const index = describe(integerFrom(0), 'Of a point, from 0.');
const indices = v.array(index, 'an array');
export const pair = v.strictTuple([index, index], 'two indices');
export const place = v.strictTuple([number, number], 'x and y');
const size = describe(integerFrom(1), 'Px, upright.');

export const scheme = v.object({
  pointCount: integerFrom(1),
  names: describe(v.array(v.string('a string'), 'an array'), 'One per point.'),
  groups: describe(v.record(v.string(), indices, 'an object'), 'Such as jaw, brows, nose, eyes and mouth.'),
  edges: describe(v.array(pair, 'an array'), 'Pairs to join where contours are drawn.'),
  mirror: describe(indices, 'Entry i is the point that point i becomes in a mirrored face.'),
  normalisingPair: describe(
    v.nullable(pair),
    'The two points whose distance errors are divided by; null where there is no such pair.',
  ),
  eyes: describe(
    v.nullable(v.strictTuple([indices, indices], 'two arrays')),
    'The points of the eye on the left of the picture, then of that on its right; null where there are none.',
  ),
  meanFace: describe(
    v.nullish(v.array(place, 'an array')),
    'One place per point, as parts of the crop that the network reads, 0 to 1; null where it is not known.',
  ),
});

export const face = v.object({
  model: describe(text, 'Id of the model that found it.'),
  scheme: describe(text, 'Name of an entry of schemes.'),
  score: describe(numberBetween(0, 1), 'How sure the network is that this is a face.'),
  corrected: describe(v.boolean('true or false'), 'Whether a person moved or placed points of it.'),
  points: describe(
    v.array(v.nullable(place), 'an array'),
    'x and y of each point, px from the top-left corner of the upright picture; null for a missing point.',
  ),
  spread: describe(
    v.optional(v.array(v.nullable(numberFrom(0)), 'an array')),
    'How far each point may be from its true place, px; 0 for one placed by hand, null for a missing one. Missing where the model does not give it.',
  ),
  visible: describe(
    v.optional(v.array(numberBetween(0, 1), 'an array')),
    'How likely each point is seen, and not hidden by the head itself or something in the way. Missing where the model does not say.',
  ),
});

export const picture = v.object({
  path: describe(text, 'With slashes between folders.'),
  width: size,
  height: size,
  faces: v.array(face, 'an array'),
});

const head = {
  format: v.literal('mien-landmarks', '"mien-landmarks"'),
  version: v.literal(1, '1'),
};

/** The whole file, as it is written. */
export const landmarks = v.pipe(
  v.object({
    ...head,
    schemes: describe(
      v.record(v.string(), scheme, 'an object'),
      'What points mean, by the id of the scheme.',
    ),
    pictures: v.array(picture, 'an array'),
  }),
  v.title('Landmarks exported from Mien, version 1'),
);

/** The part that is read: of a scheme, only how many points it has. */
export const readableLandmarks = v.object({
  ...head,
  schemes: v.record(v.string(), v.pick(scheme, ['pointCount']), 'an object'),
  pictures: v.array(picture, 'an array'),
});
