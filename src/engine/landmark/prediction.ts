/** What a landmark network says of one crop, in image px. */

import { apply, boxOf, boxOfCrop, invert, scaleOf } from '../geometry';
import { packedLength, VALUES_PER_POINT } from '../model/manifest';
import type { Affine, Box, LearnKind, Manifest, Points } from '../types';

export interface Prediction {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, image px; null where the model does not say. */
  readonly spread: Float32Array | null;
  /** As in `Face`. */
  readonly visible?: Float32Array;
  /** Of the face, as in `Face`. */
  readonly box: Box<'image'>;
  /** 0..1; null where the model does not say. */
  readonly presence: number | null;
  /** What a taught model adds: its points, which faces then show; those above lead the crops. */
  readonly taught?: Pick<Prediction, 'points' | 'spread' | 'visible'> & { readonly kind: LearnKind };
}

/** What a face shows of a prediction: the taught points where there are some. */
export function shownPoints(prediction: Prediction): Pick<Prediction, 'points' | 'spread' | 'visible'> {
  const { points, spread, visible } = prediction.taught ?? prediction;
  return { points, spread, ...(visible && { visible }) };
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

/** Face `index` of the packed output, as `Manifest.output` describes it. */
export function unpack(
  packed: Float32Array,
  index: number,
  crop: Affine<'image', 'crop'>,
  manifest: Manifest,
): Prediction {
  const { scheme, output } = manifest;
  const { pointCount } = scheme;
  const step = VALUES_PER_POINT[output.values];
  const tells = step > 2;
  const length = packedLength(manifest);
  const values = packed.subarray(index * length, (index + 1) * length);
  const ofPoints = (at: number, read: (value: number) => number) =>
    Float32Array.from({ length: pointCount }, (_, i) => read(values[step * i + at]));
  const onCrop: Points<'crop'> = new Float32Array(2 * pointCount);
  for (let i = 0; i < pointCount; i++) onCrop.set(values.subarray(step * i, step * i + 2), 2 * i);
  const cropToImage = invert(crop);
  const pxPerUnit = scaleOf(cropToImage);
  const points = apply(cropToImage, onCrop);
  return {
    points,
    spread: tells ? ofPoints(2, (logSpread) => Math.exp(logSpread) * pxPerUnit) : null,
    ...(step === 4 && { visible: ofPoints(3, sigmoid) }),
    box: scheme.eyes ? boxOf(points) : boxOfCrop(crop, manifest),
    presence: tells ? sigmoid(values[length - 1]) : null,
  };
}
