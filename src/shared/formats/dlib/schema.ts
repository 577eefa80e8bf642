/** The attributes of dlib's XML, and our own, which only files written by Mien have. */

import * as v from 'valibot';
import { booleanText, integerFrom, numberText, text } from '../schema';

export const imageAttributes = v.object({
  file: text,
  width: v.optional(numberText),
  height: v.optional(numberText),
});

export const partAttributes = v.object({
  name: text,
  x: numberText,
  y: numberText,
  'exact-x': v.optional(numberText),
  'exact-y': v.optional(numberText),
  spread: v.optional(numberText),
});

export const ownBoxAttributes = v.object({
  detection_score: numberText,
  model: text,
  scheme: text,
  corrected: booleanText,
  /** How many points the face has, with the missing ones; older files of Mien had none. */
  points: v.optional(v.pipe(numberText, integerFrom(1))),
});

export type Part = v.InferOutput<typeof partAttributes>;
