/** What the landmark network sees in the crops of a frame, and which of it is a face. */

import { deservesOtherTurns, isBetter, isSurelyFace, OTHER_TURNS, presenceIn } from '../detect/acceptance';
import { cropOfDetection } from '../detect/detection-crop';
import { centreOf, largerSide, type CropShape } from '../geometry';
import type { Picture } from '../landmark/crop';
import type { Prediction } from '../landmark/prediction';
import type { Stopwatch } from '../timings';
import type { Affine, Manifest } from '../types';
import type { Crop, Observation } from './association';

const SMALLEST_FACE_PX = 8;
/**
 * In so many frames the network has to know a face's points before the face may be covered: a shoulder may look like a face in one
 * frame. DeepSORT confirms a track so (Wojke et al. 2017, arXiv:1703.07402).
 */
const FIRST_SIGHTINGS = 3;

/** One pass of the landmark network over all crops. */
export type Landmarks = (
  picture: Picture,
  crops: readonly Affine<'image', 'crop'>[],
  watch: Stopwatch,
) => Promise<Prediction[]>;

interface ObserveOptions {
  readonly picture: Picture;
  readonly watch: Stopwatch;
  readonly least: number;
  readonly leastPresence: number;
  readonly canTurn: boolean;
}

/**
 * The faces in the crops. A detection that may lie on its side is tried turned as well.
 * @param least that a detection's score times presence may be. @param leastPresence where the model's threshold asks for less.
 * @param canTurn false: no other turns, which take a pass each.
 */
export async function observe(
  landmarks: Landmarks,
  model: CropShape & Pick<Manifest, 'presenceThreshold'>,
  { picture, watch, least, leastPresence, canTurn }: ObserveOptions,
  crops: readonly Crop[],
): Promise<Observation[]> {
  if (crops.length === 0) return [];
  const predictions = await landmarks(
    picture,
    crops.map(({ affine }) => affine),
    watch,
  );
  const found: Observation[] = [];
  for (const [i, { track, detection }] of crops.entries()) {
    let prediction = predictions[i];
    if (canTurn && detection && deservesOtherTurns(detection.score, presenceIn(prediction))) {
      for (const turnRad of OTHER_TURNS) {
        // One by one: batches of other sizes than that of the faces followed cost a GPU new shaders.
        const [turned] = await landmarks(picture, [cropOfDetection(detection, model, turnRad)], watch);
        if (isBetter(presenceIn(turned), presenceIn(prediction))) prediction = turned;
      }
    }
    const score = prediction.presence ?? detection?.score ?? 0;
    const threshold = Math.max(model.presenceThreshold, leastPresence);
    // A face that is followed may be covered for a while.
    const isKnown = track !== null && track.sightings >= FIRST_SIGHTINGS;
    const followed = isKnown ? score : (presenceIn(prediction) ?? score);
    const isThere = detection
      ? isSurelyFace(detection.score, presenceIn(prediction), threshold, least)
      : followed >= model.presenceThreshold;
    if (isThere && isPlausible(prediction, picture)) found.push({ track, prediction, score });
  }
  return found;
}

function isPlausible({ points, box }: Prediction, picture: Picture): boolean {
  if (!points.every(Number.isFinite)) return false;
  const { x, y } = centreOf(box);
  const inside = x >= 0 && y >= 0 && x <= picture.width && y <= picture.height;
  return inside && largerSide(box) >= SMALLEST_FACE_PX;
}
