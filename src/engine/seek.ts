/** All faces of a picture, small ones and turned ones too: what `detect` does. */

import type { Detection, Pane } from './detector';
import type { Picture } from './canvas';
import { angleBetween, cropOfPoints, overlap } from './geometry';
import type { Prediction } from './landmarker';
import { leadingEyes } from './manifest';
import { cropOfDetection } from './matching';
import { levelsOf, panesOf, type QuarterTurns } from './panes';
import type { Stopwatch } from './stopwatch';
import type { Affine, Box, DetectOptions, Manifest } from './types';

/**
 * Score (see `Seen`) below which there is no face. Of whole faces hardly any scores less than 0.7, of those of which the
 * border hides a quarter hardly any less than 0.45, and half of those of which it hides half.
 */
const LOWEST_SCORE = 0.35;
/**
 * Presence below which there is none, where the model does not ask for more: of all that the detector proposes in a large
 * picture little is a face. Measured as `npm run groups` does: 24 faces cut by a quarter had 0.968 and more, 12 proposals in
 * pictures without faces up to 0.914.
 */
const LOWEST_PRESENCE = 0.95;
/** Whole upright faces mostly score more, and what the networks take for faces in those upside down less. */
const UPRIGHT_SCORE = 0.8;
/** Boxes that share more than this are one face. */
const SAME_FACE_OVERLAP = 0.3;
/** The order in which turned faces are looked for: pictures lie on their sides more often than they stand on their heads. */
const TURNS: readonly QuarterTurns[] = [1, 3, 2];
/** How long a search may keep its thread from anything else, ms. */
const BREATH_MS = 50;

/** What a search sees with. */
export interface SeekingSight {
  /** All that the detector scores at least `lowestScore`. */
  look(picture: Picture, pane: Pane, lowestScore: number, watch: Stopwatch): Promise<Detection[]>;
  /** Any number of crops; waits for `pause` before each batch of them. */
  landmarks(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
    pause: () => Promise<void>,
  ): Promise<Prediction[]>;
}

/** A face in a picture. */
export interface Seen {
  readonly prediction: Prediction;
  /** How sure it is that there is a face, 0..1: the detector's score times presence, where the model tells it. */
  readonly score: number;
  /** How the detector saw it lean, clockwise. */
  readonly leanRad: number;
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
      found.push(...(await sight.look(picture, pane, LOWEST_SCORE, watch)));
    }
    return withoutDoubles(found, ({ box }) => box);
  }

  /** Two passes of the network where the points of the first can lead the second, else one. */
  async function read(detections: readonly Detection[]): Promise<Seen[]> {
    const crops = detections.map((detection) => cropOfDetection(detection, model));
    let predictions = await sight.landmarks(picture, crops, watch, pause);
    const eyes = leadingEyes(model);
    if (eyes) {
      const again = predictions.map(({ points }) => cropOfPoints(points, eyes, model));
      predictions = await sight.landmarks(picture, again, watch, pause);
    }
    const seen = predictions.flatMap((prediction, i): Seen[] => {
      const { score, eyes } = detections[i];
      const { presence } = prediction;
      if (!isPresent(presence, score)) return [];
      return [{ prediction, score: score * (presence ?? 1), leanRad: angleBetween(...eyes) }];
    });
    const sure = seen.filter(({ score }) => score >= LOWEST_SCORE);
    return withoutDoubles(sure, ({ prediction }) => prediction.box);
  }

  /** @param score the detector's, by which a model that does not tell presence is led. */
  function isPresent(presence: number | null, score: number): boolean {
    if (presence === null) return score >= model.presenceThreshold;
    return presence >= Math.max(model.presenceThreshold, LOWEST_PRESENCE);
  }

  /** The faces of the picture as it lies, unless most are surely upright only when it is turned. */
  async function seek(): Promise<Seen[]> {
    const asItLies = await read(await lookAt(0));
    const upright = uprightOf(asItLies, 0);
    if (!thorough || 2 * upright > asItLies.length) return asItLies;
    for (const turns of TURNS) {
      const seen = await read(await lookAt(turns));
      const uprightThen = uprightOf(seen, turns);
      if (uprightThen > upright && 2 * uprightThen > seen.length) return seen;
    }
    return asItLies;
  }

  return (await seek()).sort(byArea).slice(0, maxFaces);
}

/**
 * How many faces surely stand upright once the picture is turned back. Faces on their sides may score as high, and lean; in a
 * group one or two of them do not seem to, so that one alone proves nothing.
 */
function uprightOf(seen: readonly Seen[], turns: QuarterTurns): number {
  return seen.filter(
    ({ score, leanRad }) =>
      score >= UPRIGHT_SCORE && Math.cos(leanRad - (turns * Math.PI) / 2) > Math.SQRT1_2,
  ).length;
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
