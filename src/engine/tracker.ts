/**
 * Follows faces from frame to frame. The detector looks only when a face is missing, and every so often for newcomers;
 * otherwise a face's next crop comes from its last points.
 */

import type { Picture } from './canvas';
import type { Detection } from './detector';
import { boxOf, centreOf, cropAffine, angleBetween, cropOfPoints, meanDistance, overlap } from './geometry';
import type { Prediction } from './landmarker';
import { createOneEuro, oneEuroSettings, type OneEuro } from './one-euro';
import type { Stopwatch } from './stopwatch';
import type { Affine, Box, Face, Manifest, Points } from './types';

/** How often the detector looks for newcomers while there is room for more faces. */
const NEWCOMER_INTERVAL_MS = 1000;
/** How long a face may go unseen (a blink of blur, a hand) and come back as itself. It is not reported meanwhile. */
const GRACE_MS = 200;
/** A detection that shares this much with a track's box is that face. */
const SAME_FACE_OVERLAP = 0.3;
/** Two tracks whose points lie this close, in face sizes, follow one face. */
const SAME_FACE_DISTANCE = 0.15;
/** A track that came this much further than its double, in face sizes, jumped onto the other's face. */
const JUMP_DISTANCE = 0.1;
const SMALLEST_FACE_PX = 8;
/**
 * BlazeFace's box against the 68 points' box, measured on 340 faces (170 each of AFW and HELEN's training part): its side
 * over the larger side (deviation 0.07), and how far its centre lies above, in larger sides (deviation 0.04).
 */
const DETECTOR_BOX_SIDE = 1.03;
const DETECTOR_BOX_RISE = 0.05;

/** What the tracker sees with. */
export interface Sight {
  detect(picture: Picture, watch: Stopwatch): Promise<Detection[]>;
  landmarks(
    picture: Picture,
    crops: readonly Affine<'image', 'crop'>[],
    watch: Stopwatch,
  ): Promise<Prediction[]>;
}

export interface TrackerOptions {
  readonly maxFaces: number;
  /** 0..1 */
  readonly smoothing: number;
}

export interface Tracker {
  /** @param timeMs a time that does not rise starts the filters anew. */
  track(picture: Picture, timeMs: number, watch: Stopwatch): Promise<Face[]>;
  tune(options: Partial<TrackerOptions>): void;
  reset(): void;
}

interface Track {
  readonly id: number;
  readonly filter: OneEuro;
  /** Unsmoothed, from the last frame that showed the face. */
  points: Points<'image'>;
  seenMs: number;
}

/** A crop to look at, and the track it belongs to; null for a newcomer. */
interface Look {
  readonly track: Track | null;
  readonly crop: Affine<'image', 'crop'>;
}

/** A look in which a face was seen. */
interface Sighting {
  readonly track: Track | null;
  readonly prediction: Prediction;
}

type Model = Pick<Manifest, 'scheme' | 'cropMargin' | 'presenceThreshold'>;

export function createTracker(sight: Sight, model: Model, first: TrackerOptions): Tracker {
  let options = first;
  let tracks: Track[] = [];
  let nextId = 1;
  let lastMs = -Infinity;
  let lookedMs = -Infinity;
  let lostOne = false;

  function needsDetector(timeMs: number): boolean {
    if (tracks.length === 0 || lostOne || tracks.some(isUnseen)) return true;
    return tracks.length < options.maxFaces && timeMs - lookedMs >= NEWCOMER_INTERVAL_MS;
  }

  const isUnseen = (track: Track): boolean => track.seenMs < lastMs;

  /**
   * Where to look: each track's crop, moved to a detection where the face went unseen, and newcomers as there is room;
   * a face in sight takes the place of one that is not.
   */
  function plan(detections: readonly Detection[]): Look[] {
    const follow = tracks.map((track) => ({
      track,
      crop: cropOfPoints(track.points, model.scheme.eyes, model.cropMargin),
    }));
    const looks: Look[] = [...follow];
    for (const detection of detections) {
      const crop = cropOfDetection(detection, model.cropMargin);
      const at = follow.findIndex(
        ({ track }) => overlap(boxOf(track.points), detection.box) > SAME_FACE_OVERLAP,
      );
      const idle = looks.findIndex(
        ({ track }) => track && isUnseen(track) && looks.length >= options.maxFaces,
      );
      if (at >= 0 && isUnseen(follow[at].track)) looks[at] = { track: follow[at].track, crop };
      else if (at < 0 && looks.length < options.maxFaces) looks.push({ track: null, crop });
      else if (at < 0 && idle >= 0) looks[idle] = { track: null, crop };
    }
    return looks;
  }

  function sightings(
    looks: readonly Look[],
    predictions: readonly Prediction[],
    picture: Picture,
  ): Sighting[] {
    const seen = looks
      .map(({ track }, i) => ({ track, prediction: predictions[i] }))
      .filter(
        ({ prediction }) =>
          prediction.score >= model.presenceThreshold && isPlausible(prediction.points, picture),
      );
    return withoutDoubles(seen);
  }

  function toTrack({ track, prediction }: Sighting, timeMs: number): Track {
    const filter = track?.filter ?? createOneEuro(oneEuroSettings(options.smoothing));
    const same = track ?? { id: nextId++, filter, points: prediction.points, seenMs: timeMs };
    same.points = prediction.points;
    same.seenMs = timeMs;
    return same;
  }

  function toFace(track: Track, prediction: Prediction, timeMs: number): Face {
    const points = track.filter.filter(prediction.points, timeMs, faceSize(prediction.points));
    return { points, spread: prediction.spread, box: boxOf(points), score: prediction.score, id: track.id };
  }

  return {
    async track(picture, timeMs, watch) {
      if (timeMs <= lastMs) {
        for (const track of tracks) {
          track.filter.reset();
          track.seenMs = isUnseen(track) ? -Infinity : timeMs;
        }
        lookedMs = -Infinity;
        lastMs = timeMs;
      }
      const looking = needsDetector(timeMs);
      const looks = plan(looking ? await sight.detect(picture, watch) : []);
      const crops = looks.map((look) => look.crop);
      const predictions = await sight.landmarks(picture, crops, watch);
      if (looking) lookedMs = timeMs;
      return watch.time('filterMs', () => {
        const seen = sightings(looks, predictions, picture);
        const merged = seen.map((sighting) => toTrack(sighting, timeMs));
        const faces = seen.map((sighting, i) => toFace(merged[i], sighting.prediction, timeMs));
        const unseen = tracks.filter((track) => !merged.includes(track));
        const waiting = unseen.filter(
          (track) => timeMs - track.seenMs <= GRACE_MS && !isDouble(track, merged),
        );
        lostOne = waiting.length < unseen.length;
        tracks = [...merged, ...waiting.slice(0, options.maxFaces - merged.length)];
        tracks.sort((one, other) => one.id - other.id);
        lastMs = timeMs;
        return faces.sort((one, other) => one.id - other.id);
      });
    },
    tune(next) {
      options = { ...options, ...next };
      tracks = tracks.slice(0, options.maxFaces);
      for (const track of tracks) track.filter.tune(oneEuroSettings(options.smoothing));
    },
    reset() {
      tracks = [];
      lastMs = lookedMs = -Infinity;
      lostOne = false;
    },
  };
}

/** The crop that the detector proposes: square, upright by its eyes, the size of the points' box with its margin. */
export function cropOfDetection({ box, eyes }: Detection, cropMargin: number): Affine<'image', 'crop'> {
  const facePx = Math.max(box.width, box.height) / DETECTOR_BOX_SIDE;
  const angleRad = angleBetween(eyes[0], eyes[1]);
  const { x, y } = centreOf(box);
  const dropPx = DETECTOR_BOX_RISE * facePx;
  const centre = { x: x - Math.sin(angleRad) * dropPx, y: y + Math.cos(angleRad) * dropPx };
  return cropAffine(centre, cropMargin * facePx, angleRad);
}

/** Larger side of the points' box, image px. */
function faceSize(points: Points<'image'>): number {
  const box = boxOf(points);
  return Math.max(box.width, box.height);
}

function isPlausible(points: Points<'image'>, picture: Picture): boolean {
  if (!points.every(Number.isFinite)) return false;
  const box: Box<'image'> = boxOf(points);
  const { x, y } = centreOf(box);
  const inside = x >= 0 && y >= 0 && x <= picture.width && y <= picture.height;
  return inside && Math.max(box.width, box.height) >= SMALLEST_FACE_PX;
}

function onOneFace(one: Points<'image'>, other: Points<'image'>): boolean {
  return meanDistance(one, other) < SAME_FACE_DISTANCE * Math.min(faceSize(one), faceSize(other));
}

function isDouble(track: Track, seen: readonly Track[]): boolean {
  return seen.some((other) => onOneFace(track.points, other.points));
}

/**
 * One sighting per face. Of two on the same face the one that jumped there loses, as when a face passes behind another;
 * otherwise the newer does.
 */
function withoutDoubles(seen: readonly Sighting[]): Sighting[] {
  const byAge = [...seen].sort((one, other) => (one.track?.id ?? Infinity) - (other.track?.id ?? Infinity));
  const kept: Sighting[] = [];
  for (const sighting of byAge) {
    const at = kept.findIndex((older) => onOneFace(older.prediction.points, sighting.prediction.points));
    if (at < 0) kept.push(sighting);
    else if (jumpOf(kept[at]) > jumpOf(sighting) + JUMP_DISTANCE) kept[at] = sighting;
  }
  return kept;
}

/** How far the points moved since the last frame, in face sizes; a newcomer has come from nowhere. */
function jumpOf({ track, prediction }: Sighting): number {
  return track ? meanDistance(track.points, prediction.points) / faceSize(prediction.points) : Infinity;
}
