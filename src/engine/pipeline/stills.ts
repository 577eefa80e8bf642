/** The faces of single pictures, detected or in given boxes: every network runs in batches. */

import { detectFaces, type FaceResult } from '../detect/multi-scale';
import { cropOfBox } from '../geometry';
import type { Picture } from '../landmark/crop';
import { shownPoints, type Prediction } from '../landmark/prediction';
import { EngineError } from '../errors';
import type { Pause } from '../pauses';
import { signalsOfStill } from '../signals/face-signals';
import { hasSignals } from '../signals/told';
import type { Stopwatch } from '../timings';
import type { Affine, Box, DetectOptions, Face, Points, Scheme, Signals, Tuning } from '../types';
import { batchesOf } from './batches';
import { eyesOf } from './eyes';
import type { Networks } from './networks';

/** What one call has to itself. */
export interface Call {
  readonly watch: Stopwatch;
  readonly pause: Pause;
}

export interface Stills {
  detect(picture: Picture, search: Pick<DetectOptions, 'maxFaces' | 'thorough'>, call: Call): Promise<Face[]>;
  landmarks(picture: Picture, boxes: readonly Box<'image'>[], call: Call): Promise<Face[]>;
  /** See `Engine.signals`. */
  signals(picture: Picture, faces: readonly ShownFace[], call: Call): Promise<(Signals | undefined)[]>;
}

type ShownFace = Pick<Face, 'points' | 'spread'>;

/** @param now what runs and how, at each call. @param scheme of the points that faces show. */
export function createStills(
  now: () => { readonly networks: Networks; readonly tuning: Required<Tuning> },
  scheme: Scheme,
): Stills {
  /** Runs a network over what is of each face, in batches that the backend is warm for. */
  async function inBatches<Each, Found>(
    all: readonly Each[],
    { pause }: Call,
    run: (batch: readonly Each[], size: number) => Promise<Found[]>,
  ): Promise<Found[]> {
    const { networks, tuning } = now();
    const { readsPixels, name } = networks.backend;
    const found: Found[] = [];
    const warm = readsPixels ? null : tuning.maxFaces;
    // Plain JavaScript takes seconds a face, and gains nothing by a batch.
    for (const { from, faces, size } of batchesOf(all.length, warm, name === 'cpu' ? 1 : undefined)) {
      await pause();
      found.push(...(await run(all.slice(from, from + faces), size)));
    }
    return found;
  }

  function predict(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    call: Call,
  ): Promise<Prediction[]> {
    const { landmarker } = now().networks;
    return inBatches(crops, call, (batch, size) => landmarker.landmarks(picture, batch, call.watch, size));
  }

  /** With their signals where these are wanted. */
  async function toFaces(found: readonly Found[], picture: Picture, call: Call): Promise<Face[]> {
    const faces = found.map(toFace);
    if (!now().tuning.signals || !hasSignals(scheme)) return faces;
    const told = await signalsOf(faces, picture, call);
    return faces.map((face, i) => (told[i] ? { ...face, signals: told[i] } : face));
  }

  async function signalsOf(
    faces: readonly ShownFace[],
    picture: Picture,
    call: Call,
  ): Promise<(Signals | undefined)[]> {
    const { networks, tuning } = now();
    const readEyes = (batch: readonly Points<'image'>[], size: number) =>
      eyesOf(networks).read(picture, batch, call.watch, size);
    const points = faces.map((face) => face.points);
    const eyes = tuning.gaze ? await inBatches(points, call, readEyes) : [];
    const { width, height } = picture;
    const camera = { width, height, fieldOfViewDeg: tuning.fieldOfViewDeg };
    return call.watch.time('filterMs', () =>
      faces.map(({ points: own, spread }, i) => signalsOfStill(own, spread, camera, eyes[i])),
    );
  }

  return {
    async detect(picture, search, call) {
      const { detector, model } = now().networks;
      const found = await detectFaces(
        {
          async detectTile(tile, minScore) {
            await call.pause();
            return call.watch.timeAsync('detectMs', () => detector.detectTile(picture, tile, minScore));
          },
          predict: (crops) => predict(picture, crops, call),
        },
        model.manifest,
        picture,
        search,
      );
      return toFaces(found, picture, call);
    },
    async landmarks(picture, boxes, call) {
      const { manifest } = now().networks.model;
      const crops = boxes.map((box) => cropOfBox(box, manifest));
      const predictions = await predict(picture, crops, call);
      const found = predictions.map((prediction) => ({ prediction, score: prediction.presence ?? 1 }));
      return toFaces(found, picture, call);
    },
    async signals(picture, faces, call) {
      if (!now().tuning.signals)
        throw new EngineError('bad-option', 'option signals: must be true for what faces do, is false');
      if (!hasSignals(scheme))
        throw new EngineError(
          'bad-option',
          `model: has the scheme ${scheme.id}, signals are told from 68 points`,
        );
      return signalsOf(faces, picture, call);
    },
  };
}

type Found = Pick<FaceResult, 'prediction' | 'score'>;

function toFace({ prediction, score }: Found, index: number): Face {
  const { box } = prediction;
  return { ...shownPoints(prediction), box, score, id: index + 1 };
}
