/** The eye network: the irises of all eyes of all faces, in one batch. */

import type { Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import { EngineError } from '../errors';
import { boxOf, hasSize, pointAt, scaleOf } from '../geometry';
import type { Picture } from '../landmark/crop';
import { createLandmarker, type Landmarker } from '../landmark/landmarker';
import type { Prediction } from '../landmark/prediction';
import { createModel, type Model } from '../model/graph-model';
import type { ModelFiles } from '../model/model-files';
import type { PerEye } from '../signals/eyes';
import type { ReadEye, Side } from '../signals/gaze';
import type { Stopwatch } from '../timings';
import type { Affine, Manifest, Points } from '../types';
import { eyePatches } from './eye-crop';
import { EYE_PATH } from './eye-files';

/** Points of its scheme: the middle of the iris, then the lids as those of a right eye in the 68, its outer corner first. */
const SCHEME = 'eye7';
const IRIS = 0;
/** Where the points of each eye are, in the order of the 68: a left eye was mirrored, and its corners changed places. */
const LIDS = { right: [1, 2, 3, 4, 5, 6], left: [4, 3, 2, 1, 6, 5] } as const;
/** Eyes of a face. */
const EYES = 2;

/** What was read in the eyes of a face. */
export type ReadEyes = PerEye<ReadEye | null>;

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
  ): Promise<ReadEyes[]>;
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

  const toReadEye = (
    { points, spread, presence }: Prediction,
    patch: Affine<'image', 'crop'>,
    side: Side,
  ): ReadEye | null => {
    if (!spread) return null;
    const lids = Float32Array.from(LIDS[side].flatMap((i) => [...points.subarray(2 * i, 2 * i + 2)]));
    const spreadPx = LIDS[side].reduce((sum, i) => sum + spread[i], 0) / LIDS[side].length;
    const isSeen = presence !== null && presence >= presenceThreshold;
    const iris = isSeen ? { ...pointAt(points, IRIS), spread: spread[IRIS] } : null;
    return { lids, lidSpread: spreadPx * scaleOf(patch), iris };
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
        const read = (i: number, side: Side) => toReadEye(found[i], patches[i], side);
        return { right: read(at, 'right'), left: read(at + 1, 'left') };
      });
    },
    dryRun: (faces) => landmarker.dryRun(EYES * faces),
    runIdle: (faces) => landmarker.runIdle(EYES * faces),
    dispose: () => model.dispose(),
  };
}

/** Points of no face, as a poor model may find in a box that shows none, have no patches. */
const isDrawn = (points: Points<'image'>): boolean => hasSize(boxOf(points));
