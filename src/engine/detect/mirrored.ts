/** A face laid once more, in the mirror: what a network misjudges there and here it misjudges differently. */

import { boxOf, cropOfPoints, largerSide, meanDistance, mirroredCrop, renamed } from '../geometry';
import type { Prediction } from '../landmark/prediction';
import { leadingEyes } from '../model/manifest';
import type { Affine, Manifest } from '../types';

/** Points that lie further apart than this, over the larger side of the face's box, are not of one face. */
const SAME_FACE_DISTANCE = 0.1;

/**
 * Each prediction, its points averaged with those that the network finds in the mirror, which are up to 4 % nearer to the true
 * ones (training's ABLATIONS.md). One stays as it is where the mirror shows another face; all do where the points of the model
 * cannot lead a crop, or a taught model shows other points than these.
 */
export async function averagedWithMirrored(
  predictions: readonly Prediction[],
  model: Manifest,
  predict: (crops: readonly Affine<'image', 'crop'>[]) => Promise<Prediction[]>,
): Promise<readonly Prediction[]> {
  const eyes = leadingEyes(model);
  if (!eyes || predictions.length === 0) return predictions;
  if (predictions.some(({ taught }) => taught?.kind === 'points')) return predictions;
  const mirrored = await predict(
    predictions.map(({ points }) => mirroredCrop(cropOfPoints(points, eyes, model))),
  );
  return predictions.map((prediction, i) => average(prediction, mirrored[i], model.scheme.mirror));
}

/** Of what is told of each point; presence stays what it was when the face was taken for one. */
function average(one: Prediction, inMirror: Prediction, mirror: readonly number[]): Prediction {
  const other = renamed(inMirror.points, mirror);
  if (!(meanDistance(one.points, other) < SAME_FACE_DISTANCE * largerSide(one.box))) return one;
  const points = mean(one.points, other);
  const { visible, taught } = one;
  const named = (values: Float32Array) => Float32Array.from(mirror, (from) => values[from]);
  const told = {
    spread: one.spread && inMirror.spread && mean(one.spread, named(inMirror.spread)),
    ...(visible && inMirror.visible && { visible: mean(visible, named(inMirror.visible)) }),
  };
  const added = (i: number): number => (taught ? taught.points[i] - one.points[i] : 0);
  return {
    ...{ ...one, points, box: boxOf(points), ...told },
    ...(taught && { taught: { ...taught, points: points.map((value, i) => value + added(i)), ...told } }),
  };
}

const mean = (one: Float32Array, other: Float32Array) => one.map((value, i) => (value + other[i]) / 2);
