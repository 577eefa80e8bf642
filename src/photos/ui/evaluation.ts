/** How near the models come to the true points that came with the pictures. Pure. */

import type { Face } from '../../engine/types';
import {
  boxOfTruth,
  cumulativeErrors,
  measureFace,
  nearestFace,
  summarise,
  type FaceError,
  type Summary,
} from '../measure';
import type { Photo, PhotoModel } from '../types';

export interface Evaluation {
  readonly model: PhotoModel;
  /** One per true face; null where the model found none. */
  readonly errors: readonly (FaceError | null)[];
  /** Null when the model found none of them. */
  readonly summary: Summary | null;
  /** Pictures with true points that the model has not seen. */
  readonly unseen: number;
}

/** Where the curves are drawn, % of the eye distance. */
export const curvePct: readonly number[] = Array.from({ length: 101 }, (_, i) => i / 10);

/**
 * Measures what the network gave, whatever was corrected since. True faces of another number of points are left out.
 * @returns null when nothing can be measured: no true points of the model's scheme, or a scheme without an eye distance
 */
export function evaluate(photos: readonly Photo[], model: PhotoModel): Evaluation | null {
  const { scheme } = model;
  if (!scheme.normalisingPair) return null;
  const measured = photos
    .map((photo) => ({
      truth: photo.truth.filter((points) => points.length === 2 * scheme.pointCount),
      faces: photo.results[model.id]?.faces,
    }))
    .filter(({ truth }) => truth.length > 0);
  if (!measured.length) return null;
  const errors = measured.flatMap(({ truth, faces }) => {
    if (!faces) return [];
    const given: Pick<Face, 'points' | 'box'>[] = faces.map(({ network }) => network);
    return truth.map((points) => {
      const face = nearestFace(given, boxOfTruth(points));
      return face && measureFace(face.points, points, scheme);
    });
  });
  const summary = errors.some((error) => error !== null) ? summarise(errors) : null;
  return { model, errors, summary, unseen: measured.filter(({ faces }) => !faces).length };
}

/** Shares of the faces within each error of `curvePct`. */
export function curveOf({ errors }: Evaluation): number[] {
  return cumulativeErrors(errors, curvePct);
}
