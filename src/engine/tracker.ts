/**
 * Follows faces from frame to frame. The detector looks only when a face is missing, and every so often for newcomers;
 * otherwise a face's next crop comes from its last points. Where a model's points cannot lead its next crop, the detector
 * looks in every frame.
 */

import type { Picture } from './canvas';
import type { Detection } from './detector';
import { boxOf, centreOf, cropOfBox, cropOfPoints, largerSide, type CropShape } from './geometry';
import type { Prediction } from './landmarker';
import { leadingEyes } from './manifest';
import { isDouble, withDetections, withoutDoubles, type Look, type Sighting, type Track } from './matching';
import { createOneEuro, oneEuroSettings } from './one-euro';
import type { Stopwatch } from './stopwatch';
import type { Affine, Face, Manifest } from './types';

/** How often the detector looks for newcomers while there is room for more faces. */
const NEWCOMER_INTERVAL_MS = 1000;
/** How long a face may go unseen (a blink of blur, a hand) and come back as itself. It is not reported meanwhile. */
const GRACE_MS = 200;
const SMALLEST_FACE_PX = 8;

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

/** What the tracker knows of the model. */
type TrackedModel = CropShape &
  Pick<Manifest, 'presenceThreshold'> & {
    readonly scheme: Pick<Manifest['scheme'], 'eyes'>;
    readonly output: Pick<Manifest['output'], 'values'>;
  };

export function createTracker(sight: Sight, model: TrackedModel, first: TrackerOptions): Tracker {
  const eyes = leadingEyes(model);
  let options = first;
  let tracks: Track[] = [];
  let nextId = 1;
  let lastMs = -Infinity;
  let lookedMs = -Infinity;
  let lostOne = false;

  function needsDetector(timeMs: number): boolean {
    if (!eyes || tracks.length === 0 || lostOne || tracks.some(wasUnseen)) return true;
    return tracks.length < options.maxFaces && timeMs - lookedMs >= NEWCOMER_INTERVAL_MS;
  }

  const wasUnseen = (track: Track): boolean => track.seenMs < lastMs;

  /** Each face's crop from its last points; from where it was, where these cannot lead. */
  function follow(): Look[] {
    return tracks.map((track) => ({
      track,
      crop: eyes ? cropOfPoints(track.points, eyes, model) : cropOfBox(track.box, model),
      score: 0,
    }));
  }

  /** What is to be seen in the looks. */
  async function look(picture: Picture, looks: readonly Look[], watch: Stopwatch): Promise<Sighting[]> {
    const crops = looks.map(({ crop }) => crop);
    const predictions = await sight.landmarks(picture, crops, watch);
    return looks
      .map(({ track, score }, i) => ({
        track,
        prediction: predictions[i],
        score: predictions[i].presence ?? score,
      }))
      .filter(
        ({ prediction, score }) => score >= model.presenceThreshold && isPlausible(prediction, picture),
      );
  }

  /** All faces of this frame. One that left its crop since the last is looked for with the detector at once. */
  async function lookAround(picture: Picture, timeMs: number, watch: Stopwatch): Promise<Sighting[]> {
    const followed = follow();
    const { maxFaces } = options;
    if (needsDetector(timeMs)) {
      const detections = await sight.detect(picture, watch);
      const looks = withDetections(followed, detections, eyes ? wasUnseen : () => true, maxFaces, model);
      // A face that the detector must see is not there where it does not.
      const seen = await look(picture, eyes ? looks : without(looks, followed), watch);
      lookedMs = timeMs;
      return withoutDoubles(seen);
    }
    const seen = await look(picture, followed, watch);
    if (seen.length === followed.length) return withoutDoubles(seen);
    const detections = await sight.detect(picture, watch);
    const isMissing = (track: Track) => !seen.some((sighting) => sighting.track === track);
    const moved = without(withDetections(followed, detections, isMissing, maxFaces, model), followed);
    lookedMs = timeMs;
    return withoutDoubles([...seen, ...(await look(picture, moved, watch))]);
  }

  function toTrack({ track, prediction }: Sighting, timeMs: number): Track {
    const filter = track?.filter ?? createOneEuro(oneEuroSettings(options.smoothing));
    const { points, box } = prediction;
    const same = track ?? { id: nextId++, filter, points, box, seenMs: timeMs };
    same.points = points;
    same.box = box;
    same.seenMs = timeMs;
    return same;
  }

  function toFace(track: Track, { prediction, score }: Sighting, timeMs: number): Face {
    const points = track.filter.filter(prediction.points, timeMs, largerSide(prediction.box));
    const box = model.scheme.eyes ? boxOf(points) : prediction.box;
    return { points, spread: prediction.spread, box, score, id: track.id };
  }

  return {
    async track(picture, timeMs, watch) {
      if (timeMs <= lastMs) {
        for (const track of tracks) {
          track.filter.reset();
          track.seenMs = wasUnseen(track) ? -Infinity : timeMs;
        }
        lookedMs = -Infinity;
        lastMs = timeMs;
      }
      const seen = await lookAround(picture, timeMs, watch);
      return watch.time('filterMs', () => {
        const merged = seen.map((sighting) => toTrack(sighting, timeMs));
        const faces = seen.map((sighting, i) => toFace(merged[i], sighting, timeMs));
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

function without(looks: readonly Look[], others: readonly Look[]): Look[] {
  return looks.filter((look) => !others.includes(look));
}

function isPlausible({ points, box }: Prediction, picture: Picture): boolean {
  if (!points.every(Number.isFinite)) return false;
  const { x, y } = centreOf(box);
  const inside = x >= 0 && y >= 0 && x <= picture.width && y <= picture.height;
  return inside && largerSide(box) >= SMALLEST_FACE_PX;
}
