/** `marks.json`: points of a person's own, and where they are marked. `npm run schema` generates docs/marks.schema.json from this. */

import * as v from 'valibot';
import { pair, place } from '../json/schema';
import { describe, integerFrom, number, numberFrom, text } from '../schema';

const size = describe(integerFrom(1), 'Px, upright.');

export const markScheme = v.object({
  title: text,
  points: describe(
    v.array(v.object({ id: text, name: text }), 'an array'),
    'In their order; the id stays when a point is renamed.',
  ),
  pairs: describe(v.array(pair, 'an array'), 'Points that change places in a mirrored picture.'),
  lines: describe(v.array(pair, 'an array'), 'Points that a line joins.'),
});

export const mark = v.object({
  scheme: describe(text, 'Name of an entry of schemes.'),
  box: describe(
    v.object({ x: number, y: number, width: numberFrom(0), height: numberFrom(0) }),
    'Px: of the face that was found, or drawn by hand.',
  ),
  landmarks: describe(
    v.nullable(
      v.object({
        model: describe(text, 'Id of the model that found them.'),
        points: v.array(v.nullable(place), 'an array'),
      }),
    ),
    'What a model had found there when marking began; null in a box drawn by hand.',
  ),
  points: describe(
    v.array(v.nullable(place), 'an array'),
    'x and y of each point, px from the top-left corner of the upright picture; null for one that is not marked.',
  ),
});

export const markedPicture = v.object({
  path: describe(text, 'Of the picture beside this file, with slashes between folders.'),
  width: size,
  height: size,
  marks: v.array(mark, 'an array'),
});

export const marksFile = v.pipe(
  v.object({
    format: v.literal('mien-marks', '"mien-marks"'),
    version: v.literal(1, '1'),
    schemes: describe(
      v.record(v.string(), markScheme, 'an object'),
      'What points mean, by the id of the scheme.',
    ),
    pictures: v.array(markedPicture, 'an array'),
  }),
  v.title('Pictures marked in Mien, version 1'),
);

export type MarksFile = v.InferOutput<typeof marksFile>;
export type Mark = v.InferOutput<typeof mark>;
