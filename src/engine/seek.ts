/** All faces of a picture, small ones and turned ones too: what `detect` does. */

import type { Detection, Pane } from './detector';
import type { Picture } from './canvas';
import { cropOfPoints, overlap } from './geometry';
import type { Prediction } from './landmarker';
import { leadingEyes } from './manifest';
import { cropOfDetection } from './matching';
import { levelsOf, panesOf, type QuarterTurns } from './panes';
import type { Stopwatch } from './stopwatch';
import type { Affine, Box, DetectOptions, Manifest } from './types';

/** Boxes that share more than this are one face. */
const SAME_FACE_OVERLAP = 0.3;
/** The order in which turned faces are looked for: pictures lie on their sides more often than they stand on their heads. */
const TURNS: readonly QuarterTurns[] = [0, 1, 3, 2];
/** How long a search may keep its thread from anything else, ms. */
const BREATH_MS = 50;

/** What a search sees with. */
export interface SeekingSight {
  look(picture: Picture, pane: Pane, watch: Stopwatch): Promise<Detection[]>;
  /** Any number of crops. */
  landmarks(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
  ): Promise<Prediction[]>;
}

/** A face, and how sure it is that there is one, 0..1. */
export interface Seen {
  readonly prediction: Prediction;
  readonly score: number;
}

/** @returns the faces, the largest first. */
export async function seekFaces(
  sight: SeekingSight,
  model: Manifest,
  picture: Picture,
  { maxFaces, thorough = true, signal }: DetectOptions,
  watch: Stopwatch,
): Promise<Seen[]> {
  const pause = createPause(signal);

  async function lookAt(turns: QuarterTurns): Promise<Detection[]> {
    const levels = levelsOf(picture).slice(0, thorough ? undefined : 1);
    const found: Detection[] = [];
    for (const pane of levels.flatMap((levelPx) => panesOf(picture, levelPx, turns))) {
      await pause();
      found.push(...(await sight.look(picture, pane, watch)));
    }
    return withoutDoubles(found, ({ box }) => box);
  }

  /** Two passes of the network where the points of the first can lead the second, else one. */
  async function read(detections: readonly Detection[]): Promise<Seen[]> {
    await pause();
    const crops = detections.map((detection) => cropOfDetection(detection, model));
    let predictions = await sight.landmarks(picture, crops, watch);
    const eyes = leadingEyes(model);
    if (eyes) {
      await pause();
      const again = predictions.map(({ points }) => cropOfPoints(points, eyes, model));
      predictions = await sight.landmarks(picture, again, watch);
    }
    const seen = predictions
      .map((prediction, i) => ({ prediction, score: prediction.presence ?? detections[i].score }))
      .filter(({ score }) => score >= model.presenceThreshold);
    return withoutDoubles(seen, ({ prediction }) => prediction.box);
  }

  for (const turns of thorough ? TURNS : TURNS.slice(0, 1)) {
    const faces = await read(await lookAt(turns));
    if (faces.length > 0) return faces.sort(byArea).slice(0, maxFaces);
  }
  return [];
}

function byArea(one: Seen, other: Seen): number {
  const area = ({ prediction: { box } }: Seen): number => box.width * box.height;
  return area(other) - area(one);
}

/** Non-maximum suppression: of those on one face the one with the highest score. */
export function withoutDoubles<T extends { readonly score: number }>(
  found: readonly T[],
  boxOn: (one: T) => Box<'image'>,
): T[] {
  const kept: T[] = [];
  for (const one of found.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((other) => overlap(boxOn(other), boxOn(one)) > SAME_FACE_OVERLAP)) kept.push(one);
  }
  return kept;
}

/** Between two steps of a search: throws once the signal is aborted, and lets the thread hear of that now and then. */
function createPause(signal: AbortSignal | undefined): () => Promise<void> {
  let breathedMs = performance.now();
  return async () => {
    if (performance.now() - breathedMs > BREATH_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      breathedMs = performance.now();
    }
    signal?.throwIfAborted();
  };
}
