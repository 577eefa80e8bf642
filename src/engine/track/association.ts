/** Which detection is which face, and which two tracks follow one: pure functions over the crops and observations of a frame. */

import type { Detection } from '../detect/blazeface';
import { cropOfDetection } from '../detect/detection-crop';
import { centreOf, largerSide, meanDistance, overlap, type CropShape, type Point } from '../geometry';
import type { Picture } from '../landmark/crop';
import type { Prediction } from '../landmark/prediction';
import type { FaceSignals } from '../signals/face-signals';
import type { Stopwatch } from '../timings';
import type { Affine, Box, Points } from '../types';
import type { OneEuro } from './one-euro';

/** A detection that shares this much with a track's box is that face. */
const SAME_FACE_OVERLAP = 0.3;
/** A missing face is taken for the detection whose centre lies this close, in face sizes: it moved fast. */
const FASTEST_MOVE = 0.75;
/** A detection whose centre lies this close to a face's, in sizes of the smaller, is that face's; of two that touch it lies further off. */
const ON_FACE_DISTANCE = 0.5;
/** One whose centre lies this close, in sizes of the larger, and not on it, is of somebody beside it. */
const BESIDE_DISTANCE = 1.5;
/** Of two faces taken for one, each is this much smaller than that one, and they lie this far apart, in sizes of the smaller. */
const PART_SIZE = 0.95;
const PART_DISTANCE = 0.3;
/** Two tracks whose points lie this close, in face sizes, follow one face. */
const SAME_FACE_DISTANCE = 0.15;
/** A track that came this much further than its double, in face sizes, jumped onto the other's face. */
const JUMP_DISTANCE = 0.1;

export interface Frame {
  readonly picture: Picture;
  readonly timeMs: number;
  readonly watch: Stopwatch;
}

export interface Track {
  readonly id: number;
  readonly filter: OneEuro;
  /** What is known of the face for its signals; null until somebody asks for them. */
  signals: FaceSignals | null;
  /** Unsmoothed, from the last frame that showed the face, as is the box. */
  points: Points<'image'>;
  /** Of the face, as in `Face`. */
  box: Box<'image'>;
  /** Of the box's centre, px a millisecond. */
  velocity: Point;
  seenMs: number;
  /** In how many frames it was seen. */
  sightings: number;
}

/** A crop for the landmark network, and the track it belongs to; null for a newcomer. */
export interface Crop {
  readonly track: Track | null;
  readonly affine: Affine<'image', 'crop'>;
  /** From which the crop comes; null where it comes from the track's last points. */
  readonly detection: Detection | null;
}

/** A crop in which the network saw a face. */
export interface Observation {
  readonly track: Track | null;
  readonly prediction: Prediction;
  /** Presence or, where the model does not tell it, the detector's score; 0..1. */
  readonly score: number;
}

/** The box of a track at `timeMs`, had the face moved on as it did last: faces that pass each other stay apart by it. */
export function boxAt({ box, velocity, seenMs }: Track, timeMs: number): Box<'image'> {
  const elapsedMs = Number.isFinite(seenMs) ? Math.max(0, timeMs - seenMs) : 0;
  return { ...box, x: box.x + velocity.x * elapsedMs, y: box.y + velocity.y * elapsedMs };
}

/** A track as it is held against detections. */
export interface Placed {
  readonly box: Box<'image'>;
  readonly isMissing: boolean;
}

/**
 * One-to-one, the best pair first: by overlap as SORT does (Bewley et al. 2016, arXiv:1602.00763), then, for what is left, a
 * missing face with the detection nearest to it. Taking the best pair first rather than the best sum, as the Hungarian
 * method does, gives no face a worse detection to help another to one at all.
 * @returns for each detection the index of its track, −1 for none.
 */
export function associate(tracks: readonly Placed[], detections: readonly Box<'image'>[]): number[] {
  const pairs = detections.flatMap((box, detection) =>
    tracks.map((track, at) => ({ detection, at, affinity: affinityOf(track, box) })),
  );
  const trackOf = detections.map(() => -1);
  for (const { detection, at, affinity } of pairs.sort((one, other) => other.affinity - one.affinity)) {
    if (affinity === -Infinity) break;
    if (trackOf[detection] < 0 && !trackOf.includes(at)) trackOf[detection] = at;
  }
  return trackOf;
}

/** Overlap, above 0; for a missing face without one the distance in face sizes, below 0; −Infinity where they do not belong together. */
function affinityOf(track: Placed, box: Box<'image'>): number {
  const shared = overlap(track.box, box);
  if (shared > SAME_FACE_OVERLAP) return shared;
  const [from, to] = [centreOf(track.box), centreOf(box)];
  const distance = Math.hypot(to.x - from.x, to.y - from.y) / largerSide(track.box);
  return track.isMissing && distance < FASTEST_MOVE ? -distance : -Infinity;
}

/**
 * The crops with what the detector found: a missing face's crop moves to its detection, and newcomers come in as there is
 * room; a newcomer takes the place of a face that stays missing.
 */
export function withDetections(
  crops: readonly Crop[],
  detections: readonly Detection[],
  isMissing: (track: Track) => boolean,
  timeMs: number,
  maxFaces: number,
  shape: CropShape,
): Crop[] {
  const tracks = crops.flatMap(({ track }) => track ?? []);
  const placed = tracks.map((track) => ({ box: boxAt(track, timeMs), isMissing: isMissing(track) }));
  const trackOf = associate(
    placed,
    detections.map(({ box }) => box),
  );
  const next = [...crops];
  const indexOf = (track: Track) => next.findIndex((crop) => crop.track === track);
  const stillMissing = tracks.filter((track, i) => isMissing(track) && !trackOf.includes(i));
  detections.forEach((detection, i) => {
    const crop = { affine: cropOfDetection(detection, shape), detection };
    const track = tracks[trackOf[i]];
    if (track && isMissing(track)) next[indexOf(track)] = { track, ...crop };
    if (track || isInSight(detection.box, placed)) return;
    const newcomer = { track: null, ...crop };
    const displaced = next.length < maxFaces ? undefined : stillMissing.shift();
    if (next.length < maxFaces) next.push(newcomer);
    else if (displaced) next[indexOf(displaced)] = newcomer;
  });
  return next;
}

/** Whether a detection without a track lies on a face in sight, which has one already. */
function isInSight(box: Box<'image'>, placed: readonly Placed[]): boolean {
  return placed.some((track) => !track.isMissing && isOnFace(box, track.box));
}

/** Distance of two boxes' centres, in sizes of the smaller. */
function distanceOf(one: Box<'image'>, other: Box<'image'>): number {
  const [from, to] = [centreOf(one), centreOf(other)];
  return Math.hypot(to.x - from.x, to.y - from.y) / Math.min(largerSide(one), largerSide(other));
}

/** Whether a detection lies on the face of that box. The box of another, cheek to cheek with it, may overlap a third of it. */
export function isOnFace(detection: Box<'image'>, face: Box<'image'>): boolean {
  return distanceOf(detection, face) < ON_FACE_DISTANCE;
}

/** Share of the larger of two faces that stand beside each other that the smaller has at least: a collar or a hand has less. */
const BESIDE_SIZE = 0.5;

/** Whether a detection lies next to a face and is about as large: people stand beside people, so that less speaks for a face there. */
export function isBeside(detection: Box<'image'>, face: Box<'image'>): boolean {
  const [from, to] = [centreOf(detection), centreOf(face)];
  const sidesPx = [largerSide(detection), largerSide(face)];
  const sizePx = Math.max(...sidesPx);
  if (Math.min(...sidesPx) < BESIDE_SIZE * sizePx || isOnFace(detection, face)) return false;
  return Math.hypot(to.x - from.x, to.y - from.y) < BESIDE_DISTANCE * sizePx;
}

/**
 * Smaller detections on one face that lie apart: two faces that touch may have been taken for one, with the jaw of the one and the
 * eyes of the other. None where there are less than two.
 */
export function partsOf(face: Box<'image'>, detections: readonly Detection[]): Detection[] {
  const on = detections.filter(
    ({ box }) => isOnFace(box, face) && largerSide(box) < PART_SIZE * largerSide(face),
  );
  const apart = on.filter(({ box }, i) =>
    on.slice(0, i).every((other) => distanceOf(box, other.box) >= PART_DISTANCE),
  );
  return apart.length > 1 ? apart : [];
}

/** Where a face is: its points and its box. */
type Shape = Pick<Track, 'points' | 'box'>;

function isSameFace(one: Shape, other: Shape): boolean {
  const sizePx = Math.min(largerSide(one.box), largerSide(other.box));
  return meanDistance(one.points, other.points) < SAME_FACE_DISTANCE * sizePx;
}

/** Whether one of the tracks in sight follows the same face. */
export function isDouble(track: Track, found: readonly Track[]): boolean {
  return found.some((other) => isSameFace(track, other));
}

/**
 * One observation per face. Of two on the same face the one that jumped there loses, as when a face passes behind another;
 * otherwise the newer does.
 */
export function withoutDoubles(found: readonly Observation[]): Observation[] {
  const byAge = [...found].sort((one, other) => (one.track?.id ?? Infinity) - (other.track?.id ?? Infinity));
  const kept: Observation[] = [];
  for (const observation of byAge) {
    const at = kept.findIndex((older) => isSameFace(older.prediction, observation.prediction));
    if (at < 0) kept.push(observation);
    else if (jumpOf(kept[at]) > jumpOf(observation) + JUMP_DISTANCE) kept[at] = observation;
  }
  return kept;
}

/** How far the points moved since the last frame, in face sizes; a newcomer has come from nowhere. */
function jumpOf({ track, prediction }: Observation): number {
  return track ? meanDistance(track.points, prediction.points) / largerSide(prediction.box) : Infinity;
}
