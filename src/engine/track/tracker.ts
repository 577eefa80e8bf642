/**
 * Tracks faces from frame to frame. The detector runs only when a face is missing, and every so often for newcomers, the smaller
 * ones of which it finds in a few looks from closer, one a frame; otherwise a face's next crop comes from its last points. Where
 * a model's points cannot lead its next crop, the detector runs in every frame.
 */

import { DOUBTED_SCORE, LIVE_SCORE, SURE_PRESENCE } from '../detect/acceptance';
import type { Detection, Size } from '../detect/blazeface';
import { cropOfDetection } from '../detect/detection-crop';
import type { CloserLook } from '../detect/detector';
import { boxOf, cropOfBox, cropOfPoints, largerSide, type CropShape } from '../geometry';
import type { ReadEyes } from '../gaze/eye-network';
import type { Picture } from '../landmark/crop';
import { shownPoints } from '../landmark/prediction';
import { leadingEyes } from '../model/manifest';
import { createFaceSignals } from '../signals/face-signals';
import { hasSignals } from '../signals/told';
import type { Stopwatch } from '../timings';
import type { Face, Manifest, Points } from '../types';
import {
  isBeside,
  isDouble,
  isOnFace,
  partsOf,
  withDetections,
  withoutDoubles,
  type Crop,
  type Observation,
  type Track,
} from './association';
import { moveTrack, velocityOf } from './motion';
import { observe, type Landmarks } from './observer';
import { createOneEuro, oneEuroSettings } from './one-euro';
import { createRefusals } from './refusals';

/** How often the detector searches for newcomers while there is room for more faces. */
const NEWCOMER_INTERVAL_MS = 1000;
/** How long a face may go unseen (motion blur, a hand) and come back under its id, ms. It is not reported meanwhile. */
const GRACE_MS = 200;
/** How often a crop that may lie on its side is tried with other turns, which takes two more passes of the network. */
const TURN_INTERVAL_MS = 100;
/** How long the detector rests from looks from closer once they have shown the whole frame. */
const CLOSE_REST_MS = 200;

/** The networks. */
export interface TrackerNetworks {
  detect(picture: Picture, watch: Stopwatch): Promise<Detection[]>;
  detectCloser(picture: Picture, look: number, watch: Stopwatch): Promise<CloserLook>;
  readonly landmarks: Landmarks;
  /** Both eyes of all faces, by their 68 points. */
  eyes(picture: Picture, faces: readonly Points<'image'>[], watch: Stopwatch): Promise<ReadEyes[]>;
}

export interface TrackerOptions {
  readonly maxFaces: number;
  /** 0..1 */
  readonly smoothing: number;
  readonly signals: boolean;
  readonly gaze: boolean;
  readonly fieldOfViewDeg: number;
}

export interface Tracker {
  /** @param timeMs a time that does not rise starts the filters anew. */
  track(picture: Picture, timeMs: number, watch: Stopwatch): Promise<Face[]>;
  /** Counts from the next frame on, so that whatever it was between two frames takes nothing from the tracks. */
  tune(options: Partial<TrackerOptions>): void;
  /** See `Engine.calibrate`. */
  calibrate(): void;
  reset(): void;
}

interface Frame {
  readonly picture: Picture;
  readonly timeMs: number;
  readonly watch: Stopwatch;
}

/** What the tracker knows of the model. */
type TrackedModel = CropShape &
  Pick<Manifest, 'presenceThreshold' | 'taught'> & {
    readonly scheme: Pick<Manifest['scheme'], 'eyes'> &
      Partial<Pick<Manifest['scheme'], 'id' | 'pointCount'>>;
    readonly output: Pick<Manifest['output'], 'values'>;
  };

export function createTracker(
  networks: TrackerNetworks,
  model: TrackedModel,
  first: TrackerOptions,
): Tracker {
  const eyes = leadingEyes(model);
  const canTellSignals = hasSignals(model.scheme) && model.taught?.kind !== 'points';
  const refusals = createRefusals();
  let options = first;
  let tracks: Track[] = [];
  let nextId = 1;
  let lastMs = -Infinity;
  let detectedMs = -Infinity;
  let hasLostOne = false;
  let turnedMs = -Infinity;
  /** Which of the looks from closer comes next; null between their rounds. */
  let closeLook: number | null = null;
  let closeEndMs = -Infinity;
  /** Of the last frame, image px. */
  let size: Size | null = null;

  function needsDetector(timeMs: number): boolean {
    if (!eyes || tracks.length === 0 || hasLostOne || tracks.some(wasUnseen)) return true;
    return tracks.length < options.maxFaces && timeMs - detectedMs >= NEWCOMER_INTERVAL_MS;
  }

  const wasUnseen = (track: Track): boolean => track.seenMs < lastMs;

  /** Each face's crop from its last points; from where it was, where these cannot lead. */
  function cropsOfTracks(): Crop[] {
    return tracks.map((track) => ({
      track,
      affine: eyes ? cropOfPoints(track.points, eyes, model) : cropOfBox(track.box, model),
      detection: null,
    }));
  }

  async function observeIn(
    { picture, timeMs, watch }: Frame,
    crops: readonly Crop[],
    least = 0,
    leastPresence = 0,
  ): Promise<Observation[]> {
    const canTurn = timeMs - turnedMs >= TURN_INTERVAL_MS;
    if (canTurn && crops.some(({ detection }) => detection)) turnedMs = timeMs;
    const found = await observe(
      (...args) => networks.landmarks(...args),
      model,
      { picture, watch, least, leastPresence, canTurn },
      crops,
    );
    refusals.note(crops, found, timeMs);
    return found;
  }

  /** All faces of this frame. One that left its crop since the last is searched for by the detector at once. */
  async function findFaces(frame: Frame): Promise<Observation[]> {
    const { picture, timeMs, watch } = frame;
    const tracked = cropsOfTracks();
    const isDue = needsDetector(timeMs);
    let found = isDue ? [] : await observeIn(frame, tracked);
    if (isDue || found.length < tracked.length) {
      const wasFound = (track: Track) => found.some((observation) => observation.track === track);
      const isMissing = (track: Track) => (isDue && eyes ? wasUnseen(track) : !wasFound(track));
      const detections = refusals.inTurn(await networks.detect(picture, watch), timeMs);
      const crops = withDetections(tracked, detections, isMissing, timeMs, options.maxFaces, model);
      // Where the detector has to find every crop, a face that it misses is not there.
      const isFirstLook = isDue && eyes !== null;
      found = [...found, ...(await observeIn(frame, isFirstLook ? crops : without(crops, tracked)))];
      detectedMs = timeMs;
      if (eyes && timeMs - closeEndMs >= CLOSE_REST_MS) closeLook ??= 0;
    }
    if (closeLook !== null) found = await lookCloser(frame, closeLook, tracked, found);
    return withoutDoubles(found);
  }

  /** The faces of this frame after one look from closer, while there is room for more: smaller ones too, and those taken for one apart. */
  async function lookCloser(
    frame: Frame,
    look: number,
    tracked: readonly Crop[],
    found: readonly Observation[],
  ): Promise<Observation[]> {
    const { picture, timeMs, watch } = frame;
    const room = options.maxFaces - found.length;
    const { detections, isLast } =
      room > 0 ? await networks.detectCloser(picture, look, watch) : { detections: [], isLast: true };
    closeLook = isLast ? null : look + 1;
    if (isLast) closeEndMs = timeMs;
    const boxes = found.map(({ prediction }) => prediction.box);
    const missing = tracked.filter(({ track }) => !found.some((observation) => observation.track === track));
    const others = detections.filter(({ box }) => !boxes.some((face) => isOnFace(box, face)));
    const crops = without(
      withDetections(missing, refusals.inTurn(others, timeMs), () => true, timeMs, room, model),
      missing,
    );
    const isNextTo = ({ detection }: Crop) =>
      detection !== null && boxes.some((face) => isBeside(detection.box, face));
    const faces = await takeApart(frame, found, detections, room);
    faces.push(...(await observeIn(frame, crops.filter(isNextTo), LIVE_SCORE)));
    const lone = crops.filter((crop) => !isNextTo(crop));
    faces.push(...(await observeIn(frame, lone, DOUBTED_SCORE, SURE_PRESENCE)));
    return faces.slice(0, Math.max(found.length, options.maxFaces));
  }

  /** The faces found; in place of one the two, where the detector sees two from closer, and the network agrees. */
  async function takeApart(
    frame: Frame,
    found: readonly Observation[],
    detections: readonly Detection[],
    room: number,
  ): Promise<Observation[]> {
    const faces: Observation[] = [];
    for (const face of found) {
      const parts = room > 0 ? partsOf(face.prediction.box, detections).slice(0, 2) : [];
      const crops = parts.map((detection, i) => ({
        track: i === 0 ? face.track : null,
        affine: cropOfDetection(detection, model),
        detection,
      }));
      const seen = withoutDoubles(await observeIn(frame, crops, LIVE_SCORE));
      faces.push(...(seen.length > 1 ? seen : [face]));
    }
    return faces;
  }

  function toTrack({ track, prediction }: Observation, timeMs: number): Track {
    const { points, box } = prediction;
    const velocity = track ? velocityOf(track, box, timeMs) : { x: 0, y: 0 };
    const seen = { points, box, velocity, seenMs: timeMs, sightings: (track?.sightings ?? 0) + 1 };
    if (track) return Object.assign(track, seen);
    const filter = createOneEuro(oneEuroSettings(options.smoothing));
    return { id: nextId++, filter, signals: null, ...seen };
  }

  /** What was seen in the eyes of each face; nothing where nobody asked for gaze. */
  async function eyesOf({ picture, watch }: Frame, found: readonly Observation[]): Promise<ReadEyes[]> {
    if (!options.signals || !options.gaze || !canTellSignals || found.length === 0) return [];
    const faces = found.map(({ prediction }) => shownPoints(prediction).points);
    return networks.eyes(picture, faces, watch);
  }

  function toFace(
    track: Track,
    { prediction, score }: Observation,
    readEyes: ReadEyes | undefined,
    { picture, timeMs }: Frame,
  ): Face {
    const { points: rawPoints, ...told } = shownPoints(prediction);
    const { spread } = told;
    const points = track.filter.filter(rawPoints, timeMs, largerSide(prediction.box));
    const box = model.scheme.eyes && !prediction.taught ? boxOf(points) : prediction.box;
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
  }

  return {
    async track(picture, timeMs, watch) {
      if (timeMs <= lastMs) {
        for (const track of tracks) {
          track.filter.reset();
          track.velocity = { x: 0, y: 0 };
          track.seenMs = wasUnseen(track) ? -Infinity : timeMs;
        }
        detectedMs = turnedMs = closeEndMs = -Infinity;
        refusals.clear();
        lastMs = timeMs;
      }
      tracks = tracks.slice(0, options.maxFaces);
      for (const { filter } of tracks) filter.tune(oneEuroSettings(options.smoothing));
      const { width, height } = picture;
      if (size && (size.width !== width || size.height !== height)) {
        for (const track of tracks) moveTrack(track, size, { width, height });
        // What the looks from closer have left to show lies elsewhere.
        closeLook = null;
        refusals.clear();
      }
      size = { width, height };
      const frame = { picture, timeMs, watch };
      const found = await findFaces(frame);
      const eyes = await eyesOf(frame, found);
      return watch.time('filterMs', () => {
        const merged = found.map((observation) => toTrack(observation, timeMs));
        const faces = found.map((observation, i) => toFace(merged[i], observation, eyes[i], frame));
        const unseen = tracks.filter((track) => !merged.includes(track));
        const waiting = unseen.filter(
          (track) => timeMs - track.seenMs <= GRACE_MS && !isDouble(track, merged),
        );
        hasLostOne = waiting.length < unseen.length;
        tracks = [...merged, ...waiting.slice(0, options.maxFaces - merged.length)];
        tracks.sort((one, other) => one.id - other.id);
        lastMs = timeMs;
        return faces.sort((one, other) => one.id - other.id);
      });
    },
    tune(next) {
      options = { ...options, ...next };
    },
    calibrate() {
      for (const track of tracks) track.signals?.calibrate();
    },
    reset() {
      tracks = [];
      lastMs = detectedMs = turnedMs = closeEndMs = -Infinity;
      closeLook = null;
      refusals.clear();
      size = null;
      hasLostOne = false;
    },
  };
}

function without(crops: readonly Crop[], others: readonly Crop[]): Crop[] {
  return crops.filter((crop) => !others.includes(crop));
}
