/** How near the models come to the ground truth that came with the pictures. Pure. */

import {
  boxOfTruth,
  cumulativeErrors,
  measureFace,
  nearestFace,
  summarise,
  type FaceError,
  type Summary,
} from './measure';
import type { Points } from '../../../engine/types';
import { isMissing } from '../../../shared/missing-points';
import type { Photo, PhotoModel } from '../types';

export interface Evaluation {
  readonly model: PhotoModel;
  /** One per true face; null where the model found none. */
  readonly errors: readonly (FaceError | null)[];
  /** Null when the model found none of them. */
  readonly summary: Summary | null;
  /** Pictures with ground truth that the model has not processed. */
  readonly unprocessed: number;
}

/** Where the curves are drawn, % of the eye distance. */
export const curvePct: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 10);

/**
 * Measures what the network found, whatever was corrected since. True faces of another number of points are left out, and
 * those where one of the two points is missing by whose distance errors are divided.
 * @returns null when nothing can be measured: no ground truth in the model's scheme, or a scheme without an eye distance
 */
export function evaluate(photos: readonly Photo[], model: PhotoModel): Evaluation | null {
  const { scheme } = model;
  const { normalisingPair } = scheme;
  if (!normalisingPair) return null;
  const isMeasurable = (points: Points<'image'>) =>
    points.length === 2 * scheme.pointCount && !normalisingPair.some((i) => isMissing(points, i));
  const measured = photos
    .map((photo) => ({
      truth: photo.truth.filter(isMeasurable),
      faces: photo.results[model.id]?.found,
    }))
    .filter(({ truth }) => truth.length > 0);
  if (!measured.length) return null;
  const errors = measured.flatMap(({ truth, faces }) => {
    if (!faces) return [];
    return truth.map((points) => {
      const face = nearestFace(faces, boxOfTruth(points));
      return face && measureFace(face.points, points, scheme);
    });
  });
  const summary = errors.some((error) => error !== null) ? summarise(errors) : null;
  return { model, errors, summary, unprocessed: measured.filter(({ faces }) => !faces).length };
}

/** Shares of the faces within each error of `curvePct`. */
export function curveOf({ errors }: Evaluation): number[] {
  return cumulativeErrors(errors, curvePct);
}
