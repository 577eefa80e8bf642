/** A followed face as it is told: smoothed, and with what it does where that is asked for. */

import { boxOf, largerSide } from '../geometry';
import type { ReadEyes } from '../gaze/eye-network';
import type { Picture } from '../landmark/crop';
import { shownPoints } from '../landmark/prediction';
import { createFaceSignals } from '../signals/face-signals';
import { hasSignals } from '../signals/told';
import type { Stopwatch } from '../timings';
import type { Face, Manifest, Points } from '../types';
import type { Frame, Observation, Track } from './association';

/** Both eyes of all faces, by their 68 points. */
export type ReadEyesOf = (
  picture: Picture,
  faces: readonly Points<'image'>[],
  watch: Stopwatch,
) => Promise<ReadEyes[]>;

export interface ReportOptions {
  /** 0..1 */
  readonly smoothing: number;
  readonly signals: boolean;
  readonly gaze: boolean;
  readonly fieldOfViewDeg: number;
}

/** What the report knows of the model. */
export interface ReportedModel extends Pick<Manifest, 'taught'> {
  readonly scheme: Pick<Manifest['scheme'], 'eyes'> & Partial<Pick<Manifest['scheme'], 'id' | 'pointCount'>>;
}

export interface FaceReport {
  /** What was seen in the eyes of each face; nothing where nobody asked for gaze. */
  eyesOf(frame: Frame, found: readonly Observation[], options: ReportOptions): Promise<ReadEyes[]>;
  toFace(
    track: Track,
    observation: Observation,
    readEyes: ReadEyes | undefined,
    frame: Frame,
    options: ReportOptions,
  ): Face;
}

export function createFaceReport(readEyesOf: ReadEyesOf, { scheme, taught }: ReportedModel): FaceReport {
  const canTellSignals = hasSignals(scheme) && taught?.kind !== 'points';
  return {
    async eyesOf({ picture, watch }, found, { signals, gaze }) {
      if (!signals || !gaze || !canTellSignals || found.length === 0) return [];
      const faces = found.map(({ prediction }) => shownPoints(prediction).points);
      return readEyesOf(picture, faces, watch);
    },
    toFace(track, { prediction, score }, readEyes, { picture, timeMs }, options) {
      const { points: rawPoints, ...told } = shownPoints(prediction);
      const { spread } = told;
      const points = track.filter.filter(rawPoints, timeMs, largerSide(prediction.box));
      const box = scheme.eyes && !prediction.taught ? boxOf(points) : prediction.box;
      const face = { points, ...told, box, score, id: track.id };
      if (!options.signals || !canTellSignals) return face;
      // What was learnt of the face outlasts the frames in which nobody asked.
      track.signals ??= createFaceSignals();
      const { smoothing, fieldOfViewDeg } = options;
      const camera = { width: picture.width, height: picture.height, fieldOfViewDeg };
      const signals = track.signals.measure({
        ...{ points, rawPoints, spread, readEyes },
        ...{ camera, timeMs, smoothing },
      });
      return signals ? { ...face, signals } : face;
    },
  };
}
