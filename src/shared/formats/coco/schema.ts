/**
 * The part of COCO keypoints that is read. Fields of our own are optional: files of other programs do not have them. Images and
 * annotations are checked one by one, since a file may hold others beside those with keypoints.
 */

import * as v from 'valibot';
import { number, numberFrom, text } from '../schema';

const id = v.union([v.pipe(v.number(), v.integer()), text], 'a whole number or a text');

/** Some programs write 0 or a text where they do not know it. */
const size = v.fallback(v.nullish(numberFrom(1)), undefined);

export const image = v.object({
  id,
  file_name: text,
  width: size,
  height: size,
});

export const category = v.object({ id, scheme: v.nullish(text), keypoints: v.nullish(v.array(v.string())) });

/** Some programs write a confidence of 0 to 1 instead. What is more is a coordinate: x and y alone stand in the list. */
const MAX_VISIBILITY = 2;

/** x, y and visibility of each point; null where one is missing. */
const keypoints = v.pipe(
  v.array(v.nullable(number), 'an array'),
  v.check(
    (values) =>
      values.length > 0 &&
      values.length % 3 === 0 &&
      values.every((value, i) => i % 3 < 2 || value === null || (value >= 0 && value <= MAX_VISIBILITY)),
    'x, y, visibility per point',
  ),
);

/** What an annotation may say besides its points. */
export const extras = {
  spread: v.nullish(v.array(v.nullable(numberFrom(0)), 'an array')),
  score: v.nullish(number),
  model: v.nullish(text),
  corrected: v.nullish(v.boolean('true or false')),
};

export const annotation = v.object({ image_id: id, category_id: v.nullish(id), keypoints, ...extras });

export type Annotation = v.InferOutput<typeof annotation>;
export type Image = v.InferOutput<typeof image>;
export type Category = v.InferOutput<typeof category>;

const records = v.array(v.record(v.string(), v.unknown(), 'an object'), 'an array');

export const cocoFile = v.object({
  images: records,
  categories: v.optional(records, []),
  annotations: records,
});
