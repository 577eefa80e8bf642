/**
 * What is taken for a face: the detector's score, the landmark network's presence and how well it knows the points, together. The
 * numbers are of the model `lite` on `npm run recall`: 40 pictures without a face, 80 held-out faces under each condition. All but
 * the last ones of `MAX_SPREAD`, which are of `configs/lite-settled.toml`, are of its weights before `configs/lite-more.toml`.
 */

import { largerSide } from '../geometry';
import type { Prediction } from '../landmark/prediction';

/**
 * Score (see `FaceResult`) below which there is no face in a picture. Of whole faces hardly any scores less than 0.7, of those of
 * which the border hides a quarter hardly any less than 0.45, and half of those of which it hides half.
 */
export const MIN_SCORE = 0.35;
/** In a frame of a video: a face that scores less is likely to score more a frame later. */
export const LIVE_SCORE = 0.5;
/** Of what the detector sees from closer than it did before, and of what the network doubts: false faces had up to 0.58. */
export const DOUBTED_SCORE = 0.65;
/** From here on the network is sure: 76 of the faces in the dark are. */
export const SURE_PRESENCE = 0.95;
/** What a turned crop shows was not what the detector proposed: faces rolled by 90° mostly have 1.00, others up to 0.97. */
const TURNED_PRESENCE = 0.98;

/**
 * @param score the detector's. @param presence the network's; null where it does not tell it: the score then decides.
 * @param threshold of the model. @param least that score times presence may be.
 */
export function isFace(score: number, presence: number | null, threshold: number, least: number): boolean {
  if (presence === null) return score >= threshold;
  return presence >= threshold && score * presence >= least;
}

/**
 * The median spread of a face's points over the larger side of its box, from which on it is none: a collar or a hand may look
 * like a face, but the network does not know where its mouth would be. Without a limit whole faces had up to 0.05, in the dark
 * 0.11, half covered ones 0.12, and of those beyond 0.1 a third had points that were right. The ring of a helmet has more than 0.07
 * (`tracking.test.ts`, `films.test.ts`). With 0.08 `lite` finds one of 40 half covered faces more, and 5 false ones in 160 pictures
 * instead of 3.
 */
const MAX_SPREAD = 0.07;

/** The network's presence, 0 where it does not know where the points are; null where it does not tell it. */
export function presenceIn({
  presence,
  spread,
  box,
}: Pick<Prediction, 'presence' | 'spread' | 'box'>): number | null {
  if (presence === null || !spread) return presence;
  const median = spread.toSorted()[spread.length >> 1];
  return median < MAX_SPREAD * largerSide(box) ? presence : 0;
}

/** As `isFace`, but what the network doubts the detector has to be sure of. */
export function isSurelyFace(
  score: number,
  presence: number | null,
  threshold: number,
  least: number,
): boolean {
  const isDoubted = presence !== null && presence < SURE_PRESENCE;
  return isFace(score, presence, threshold, isDoubted ? Math.max(least, DOUBTED_SCORE) : least);
}

export const isFaceInPicture = (score: number, presence: number | null, threshold: number): boolean =>
  isSurelyFace(score, presence, threshold, MIN_SCORE);

/** By how much a crop is turned for another try, clockwise. */
export const OTHER_TURNS = [Math.PI / 2, -Math.PI / 2] as const;

/**
 * Whether a crop is worth other turns: the detector finds heads that lie on their side, and mistakes how they are turned. The
 * network takes 61 of 80 faces rolled by 90° for faces as the detector has them turned, 77 from the best of the three turns.
 */
export function deservesOtherTurns(score: number, presence: number | null): boolean {
  return presence !== null && score >= LIVE_SCORE && presence < SURE_PRESENCE;
}

/** Whether what a turned crop shows takes the place of what the first showed: only what is surely a face does. */
export function isBetter(turned: number | null, first: number | null): boolean {
  return turned !== null && first !== null && turned >= TURNED_PRESENCE && turned > first;
}
