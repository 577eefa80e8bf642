/** The columns of both tables and what they hold. Empty cells count as missing. */

import * as v from 'valibot';
import { booleanText, integerFrom, numberText, text } from '../schema';

/** Far above any scheme: a wrong number must not ask for gigabytes. */
const MAX_POINT = 9999;
const countText = v.pipe(numberText, integerFrom(1), v.maxValue(MAX_POINT, `at most ${MAX_POINT}`));

/** In every row of both tables. */
export const faceColumns = v.object({
  picture: text,
  width: numberText,
  height: numberText,
  face: numberText,
  model: text,
  scheme: text,
  corrected: booleanText,
  score: numberText,
});

/** One point; the wide table appends its number to the names. */
export const placeColumns = v.object({ x: numberText, y: numberText, spread: v.optional(numberText) });

/** One point in the long table. A missing one has `NaN` for x and y. */
export const pointColumns = v.object({ point: countText, name: v.optional(text) });

export type FaceCells = v.InferOutput<typeof faceColumns>;
