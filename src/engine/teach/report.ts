/** How well something was learned, from the errors on pictures that were left out. */

import type { LearnReport } from '../types';
import { foldsOf } from './folds';
import type { LeftOutError } from './refine';

/** A model has learned where its error is below the plain guess's by this share at least. */
export const LEARNED_MARGIN = 0.1;
/** With fewer pictures no error is told. */
const MIN_PICTURES = 3;

/**
 * @param errors of each point.
 * @param pctPerUnit % of the larger side of the face's box that one crop unit is.
 */
export function reportOf(
  errors: readonly (readonly LeftOutError[])[],
  pictures: number,
  marks: readonly number[],
  pctPerUnit: number,
): LearnReport {
  const told = pictures >= MIN_PICTURES && errors.some((ofPoint) => ofPoint.length > 0);
  if (!told) return { pictures, marks, leaveOneOut: null, learned: false, curve: [] };
  const ofPictures = (value: (error: LeftOutError) => number) =>
    meansByPicture(errors.flat(), value).map((mean) => mean * pctPerUnit);
  const full = ofPictures(({ error }) => error);
  const errorPct = meanOf(full);
  const plainErrorPct = meanOf(ofPictures(({ plainError }) => plainError));
  const folds = foldsOf(pictures);
  const perFold = pictures / folds.count;
  return {
    pictures,
    marks,
    leaveOneOut: {
      errorPct,
      spreadPct: Math.sqrt(meanOf(full.map((error) => (error - errorPct) ** 2))),
      perPointPct: errors.map((ofPoint) =>
        ofPoint.length > 0 ? pctPerUnit * meanOf(ofPoint.map(({ error }) => error)) : null,
      ),
      plainErrorPct,
    },
    learned: errorPct <= (1 - LEARNED_MARGIN) * plainErrorPct,
    curve: [
      {
        pictures: Math.round(folds.halfWithout(0).length * perFold),
        errorPct: meanOf(ofPictures(({ fewerError }) => fewerError)),
      },
      { pictures: Math.round((folds.count - 1) * perFold), errorPct },
    ],
  };
}

function meansByPicture(errors: readonly LeftOutError[], value: (error: LeftOutError) => number): number[] {
  const pictures = [...new Set(errors.map(({ picture }) => picture))];
  return pictures.map((wanted) => meanOf(errors.filter(({ picture }) => picture === wanted).map(value)));
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
