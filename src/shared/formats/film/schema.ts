/** Lines of the JSON of films. `npm run schema` generates docs/film.schema.json from this, descriptions included. */

import * as v from 'valibot';
import { scheme } from '../json/schema';
import { describe, integerFrom, number, numberBetween, numberFrom, text } from '../schema';
import { signals } from '../signals/schema';

export const range = v.object({ low: number, high: number });
const degrees = (what: string) =>
  describe(v.nullable(range), `${what}, degrees: the 5th and the 95th percentile; null without signals.`);
const name = describe(v.string('a string'), 'As a person named it; empty where nobody did.');

export const filmPerson = v.object({
  id: integerFrom(1),
  name,
  frames: integerFrom(0),
  firstMs: number,
  lastMs: number,
  medianSpreadPct: describe(
    v.nullable(numberFrom(0)),
    'Median over frames of the mean spread of the points, in % of the longer side of their box.',
  ),
  blinksPerMinute: describe(v.nullable(numberFrom(0)), 'Of both eyes at once, by the time it is seen.'),
  yawDeg: degrees('Yaw'),
  pitchDeg: degrees('Pitch'),
  rollDeg: degrees('Roll'),
  gazeYawDeg: describe(v.optional(range), 'Of the gaze, as the others; missing where it was not told.'),
  gazePitchDeg: v.optional(range),
});

export const filmSummary = v.object({
  frames: integerFrom(0),
  shots: integerFrom(0),
  durationMs: numberFrom(0),
  shareWithFace: describe(numberBetween(0, 1), 'Share of the frames with at least one face.'),
  medianSpreadPct: v.nullable(numberFrom(0)),
  people: v.array(filmPerson, 'an array'),
});

export const filmLine = v.object({
  format: v.literal('mien-film', '"mien-film"'),
  version: v.literal(1, '1'),
  film: describe(text, 'Name of the file.'),
  width: describe(integerFrom(1), 'Px, upright.'),
  height: describe(integerFrom(1), 'Px, upright.'),
  model: describe(text, 'Id of the model.'),
  scheme: describe(v.object({ id: text, ...scheme.entries }), 'What the points mean.'),
  summary: filmSummary,
});

export const filmFace = v.object({
  id: describe(integerFrom(1), 'Of the person, the same through the film.'),
  score: describe(numberBetween(0, 1), 'How sure the network is that this is a face.'),
  points: describe(
    v.array(v.strictTuple([number, number], 'x and y'), 'an array'),
    'x and y of each point, px from the top-left corner of the upright frame.',
  ),
  spread: v.optional(
    describe(v.array(numberFrom(0), 'an array'), 'Px; missing where the model does not give it.'),
  ),
  visible: v.optional(
    describe(
      v.array(numberBetween(0, 1), 'an array'),
      'How likely each point is seen and not hidden; missing where the model does not say.',
    ),
  ),
  signals: v.optional(signals),
});

export const frameLine = v.object({
  frame: describe(integerFrom(1), 'From 1, in the order of presentation.'),
  timeMs: describe(number, 'Presentation time.'),
  shot: describe(integerFrom(1), 'From 1; rises at every cut.'),
  faces: v.array(filmFace, 'an array'),
});

/** The film first, then its frames. */
export const line = v.pipe(
  v.union([filmLine, frameLine]),
  v.title('A line of a film exported from Mien, version 1: the film first, then its frames'),
);
