/** Which detection is which face, and which two tracks follow one: pure functions over a frame's looks and sightings. */

import type { Detection } from './detector';
import {
  angleBetween,
  centreOf,
  cropOfFace,
  largerSide,
  meanDistance,
  overlap,
  type CropShape,
} from './geometry';
import type { Prediction } from './landmarker';
import type { OneEuro } from './one-euro';
import type { Affine, Box, Points } from './types';

/** A detection that shares this much with a track's box is that face. */
const SAME_FACE_OVERLAP = 0.3;
/** A missing face is taken for the detection whose centre lies this close, in face sizes: it moved fast. */
const FASTEST_MOVE = 0.75;
/** Two tracks whose points lie this close, in face sizes, follow one face. */
const SAME_FACE_DISTANCE = 0.15;
/** A track that came this much further than its double, in face sizes, jumped onto the other's face. */
const JUMP_DISTANCE = 0.1;
/**
 * BlazeFace's box against the 68 points' box, measured on 340 faces (170 each of AFW and HELEN's training part): its side
 * over the larger side (deviation 0.07), and how far its centre lies above, in larger sides (deviation 0.04).
 */
const DETECTOR_BOX_SIDE = 1.03;
const DETECTOR_BOX_RISE = 0.05;

export interface Track {
  readonly id: number;
  readonly filter: OneEuro;
  /** Unsmoothed, from the last frame that showed the face, as is the box. */
  points: Points<'image'>;
  /** Of the face, as in `Face`. */
  box: Box<'image'>;
  seenMs: number;
}

/** A crop to look at, and the track it belongs to; null for a newcomer. */
export interface Look {
  readonly track: Track | null;
  readonly crop: Affine<'image', 'crop'>;
  /** The detector's, 0..1, for a model that does not tell presence; 0 where the detector did not look. */
  readonly score: number;
}

/** A look in which a face was seen. */
export interface Sighting {
  readonly track: Track | null;
  readonly prediction: Prediction;
  /** Presence or, where the model does not tell it, the detector's score; 0..1. */
  readonly score: number;
}

/** The crop that the detector proposes: upright by its eyes, made for the box that 68 points would have. */
export function cropOfDetection({ box, eyes }: Detection, shape: CropShape): Affine<'image', 'crop'> {
  const facePx = largerSide(box) / DETECTOR_BOX_SIDE;
  const angleRad = angleBetween(eyes[0], eyes[1]);
  const { x, y } = centreOf(box);
  const dropPx = DETECTOR_BOX_RISE * facePx;
  const centre = { x: x - Math.sin(angleRad) * dropPx, y: y + Math.cos(angleRad) * dropPx };
  return cropOfFace(centre, facePx, angleRad, shape);
}

/**
 * The looks with what the detector saw: a missing face's crop moves to its detection, and newcomers come in as there is
 * room; a face in sight takes the place of one that is missing.
 */
export function withDetections(
  looks: readonly Look[],
  detections: readonly Detection[],
  isMissing: (track: Track) => boolean,
  maxFaces: number,
  shape: CropShape,
): Look[] {
  const next = [...looks];
  for (const detection of detections) {
    const crop = cropOfDetection(detection, shape);
    const { score } = detection;
    const at = indexOfSame(looks, detection, isMissing);
    const track = looks[at]?.track;
    const idle = next.findIndex((look) => look.track && isMissing(look.track) && looks.includes(look));
    if (track && isMissing(track)) next[at] = { track, crop, score };
    else if (!track && next.length < maxFaces) next.push({ track: null, crop, score });
    else if (!track && idle >= 0) next[idle] = { track: null, crop, score };
  }
  return next;
}

/** The look whose face the detector saw there: the one it overlaps, else a missing one close by; -1 for a newcomer. */
function indexOfSame(
  looks: readonly Look[],
  { box }: Detection,
  isMissing: (track: Track) => boolean,
): number {
  const at = looks.findIndex(({ track }) => track && overlap(track.box, box) > SAME_FACE_OVERLAP);
  if (at >= 0) return at;
  const to = centreOf(box);
  return looks.findIndex(({ track }) => {
    if (!track || !isMissing(track)) return false;
    const from = centreOf(track.box);
    return Math.hypot(to.x - from.x, to.y - from.y) < FASTEST_MOVE * largerSide(track.box);
  });
}

/** Where a face is: its points and its box. */
type Placed = Pick<Track, 'points' | 'box'>;

function onOneFace(one: Placed, other: Placed): boolean {
  const sizePx = Math.min(largerSide(one.box), largerSide(other.box));
  return meanDistance(one.points, other.points) < SAME_FACE_DISTANCE * sizePx;
}

/** Whether one of the tracks in sight follows the same face. */
export function isDouble(track: Track, seen: readonly Track[]): boolean {
  return seen.some((other) => onOneFace(track, other));
}

/**
 * One sighting per face. Of two on the same face the one that jumped there loses, as when a face passes behind another;
 * otherwise the newer does.
 */
export function withoutDoubles(seen: readonly Sighting[]): Sighting[] {
  const byAge = [...seen].sort((one, other) => (one.track?.id ?? Infinity) - (other.track?.id ?? Infinity));
  const kept: Sighting[] = [];
  for (const sighting of byAge) {
    const at = kept.findIndex((older) => onOneFace(older.prediction, sighting.prediction));
    if (at < 0) kept.push(sighting);
    else if (jumpOf(kept[at]) > jumpOf(sighting) + JUMP_DISTANCE) kept[at] = sighting;
  }
  return kept;
}

/** How far the points moved since the last frame, in face sizes; a newcomer has come from nowhere. */
function jumpOf({ track, prediction }: Sighting): number {
  return track ? meanDistance(track.points, prediction.points) / largerSide(prediction.box) : Infinity;
}
