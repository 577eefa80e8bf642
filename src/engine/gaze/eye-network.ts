/** The eye network: the irises of all eyes of all faces, in one batch. */

import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import { EngineError } from '../errors';
import { boxOf, hasSize, type Point } from '../geometry';
import type { Picture } from '../landmark/crop';
import { createLandmarker, type Landmarker, type Prediction } from '../landmark/landmarker';
import { createModel, type Model } from '../model/graph-model';
import type { ModelFiles } from '../model/model-files';
import type { PerEye } from '../signals/eyes';
import type { SeenEye } from '../signals/gaze';
import type { Stopwatch } from '../timings';
import type { Manifest, Points } from '../types';
import { eyePatches } from './eye-crop';
import { EYE_PATH } from './eye-files';

/** Points of its scheme: the middle of the iris, then the lids as those of a right eye in the 68, its outer corner first. */
const SCHEME = 'eye7';
const IRIS = 0;
const OUTER_CORNER = 1;
const INNER_CORNER = 4;
/** Eyes of a face. */
const EYES = 2;

/** What was seen in the eyes of a face; null of one that is shut, covered or turned away. */
export type SeenEyes = PerEye<SeenEye | null>;

export interface EyeNetwork {
  readonly model: Model;
  readonly landmarker: Landmarker;
  /**
   * One pass over both eyes of all faces, with one read-back.
   * @param faces their 68 points. @param size of the batch in faces; what is over is padding. Default: as many as there are.
   */
  read(
    picture: Picture,
    faces: readonly Points<'image'>[],
    watch: Stopwatch,
    size?: number,
  ): Promise<SeenEyes[]>;
  /** The network's output for the eyes of so many faces, to compile its shaders. */
  dryRun(faces: number): Tensor;
  /** Runs it once on a dummy batch. */
  runIdle(faces: number): Promise<void>;
  dispose(): void;
}

/**
 * @param uprightWeights of the model that finds the points, by which heads stand upright.
 * @throws EngineError `bad-model` where the files are of another network.
 */
export function createEyeNetwork(
  files: ModelFiles,
  backend: Backend,
  { uprightWeights }: Pick<Manifest, 'uprightWeights'>,
): EyeNetwork {
  const model = createModel(files, EYE_PATH);
  const { scheme, presenceThreshold } = model.manifest;
  if (scheme.id !== SCHEME) {
    model.dispose();
    throw new EngineError('bad-model', `${EYE_PATH}: has the scheme ${scheme.id}, must have ${SCHEME}`);
  }
  const landmarker = createLandmarker(model, backend, null);

  const toSeenEye = (prediction: Prediction, isMirrored: boolean): SeenEye | null => {
    const { points, spread, presence } = prediction;
    if (presence === null || presence < presenceThreshold || !spread) return null;
    const [outer, inner] = [OUTER_CORNER, INNER_CORNER].map((i) => pointOf(points, i));
    const corners = isMirrored ? ([inner, outer] as const) : ([outer, inner] as const);
    return { iris: pointOf(points, IRIS), spread: spread[IRIS], corners };
  };

  return {
    model,
    landmarker,
    async read(picture, faces, watch, size = faces.length) {
      const drawn = faces.filter(isDrawn);
      const patches = drawn.flatMap((points) => {
        const { right, left } = eyePatches(points, { uprightWeights });
        return [right, left];
      });
      const found = await landmarker.landmarks(picture, patches, watch, EYES * size);
      return faces.map((points) => {
        const at = EYES * drawn.indexOf(points);
        if (at < 0) return { left: null, right: null };
        return { right: toSeenEye(found[at], false), left: toSeenEye(found[at + 1], true) };
      });
    },
    dryRun: (faces) => landmarker.dryRun(EYES * faces),
    runIdle: (faces) => landmarker.runIdle(EYES * faces),
    dispose: () => model.dispose(),
  };
}

const pointOf = (points: Points<'image'>, i: number): Point => ({ x: points[2 * i], y: points[2 * i + 1] });

/** Points of no face, as a poor model may find in a box that shows none, have no patches. */
const isDrawn = (points: Points<'image'>): boolean => hasSize(boxOf(points));
