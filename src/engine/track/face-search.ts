/**
 * Which faces a frame shows. The detector runs only when a face is missing, and every so often for newcomers, the smaller ones of
 * which it finds in a few looks from closer, one a frame; otherwise a face's next crop comes from its last points. Where a model's
 * points cannot lead its next crop, the detector runs in every frame.
 */

import { DOUBTED_SCORE, LIVE_SCORE, SURE_PRESENCE } from '../detect/acceptance';
import type { Detection } from '../detect/blazeface';
import { cropOfDetection } from '../detect/detection-crop';
import type { CloserLook } from '../detect/detector';
import { cropOfBox, cropOfPoints, type CropShape } from '../geometry';
import type { Picture } from '../landmark/crop';
import { leadingEyes } from '../model/manifest';
import type { Stopwatch } from '../timings';
import type { Manifest } from '../types';
import {
  isBeside,
  isOnFace,
  partsOf,
  withDetections,
  withoutDoubles,
  type Crop,
  type Frame,
  type Observation,
  type Track,
} from './association';
import { observe, type Landmarks } from './observer';
import { createRefusals } from './refusals';

/** How often a crop that may lie on its side is tried with other turns, which takes two more passes of the network. */
const TURN_INTERVAL_MS = 100;
/** How long the detector rests from looks from closer once they have shown the whole frame. */
const CLOSE_REST_MS = 200;
/** How often looks from closer begin while nobody is missing: they take several times as long as a look at the whole. */
const CLOSE_NEWCOMER_INTERVAL_MS = 1000;

export interface SearchNetworks {
  detect(picture: Picture, watch: Stopwatch): Promise<Detection[]>;
  detectCloser(picture: Picture, look: number, watch: Stopwatch): Promise<CloserLook>;
  readonly landmarks: Landmarks;
}

/** Whom the search follows. */
export interface Followed {
  readonly tracks: readonly Track[];
  /** Those of them that the last frame did not show. */
  readonly unseen: readonly Track[];
  /** Whether one was given up in the last frame. */
  readonly hasLostOne: boolean;
  readonly maxFaces: number;
  /** How often the detector searches for newcomers while there is room for more. */
  readonly newcomerIntervalMs: number;
}

/** What the search knows of the model. */
export type SearchedModel = CropShape &
  Pick<Manifest, 'presenceThreshold'> & {
    readonly scheme: Pick<Manifest['scheme'], 'eyes'>;
    readonly output: Pick<Manifest['output'], 'values'>;
  };

export interface FaceSearch {
  /** All faces of this frame. One that left its crop since the last is searched for by the detector at once. */
  find(frame: Frame, followed: Followed): Promise<Observation[]>;
  /** Time starts anew. */
  restart(): void;
  /** Everything lies elsewhere from now on. */
  forgetPlaces(): void;
}

export function createFaceSearch(networks: SearchNetworks, model: SearchedModel): FaceSearch {
  const eyes = leadingEyes(model);
  const refusals = createRefusals();
  let detectedMs = -Infinity;
  let turnedMs = -Infinity;
  /** Which of the looks from closer comes next; null between their rounds. */
  let closeLook: number | null = null;
  let [closeStartMs, closeEndMs] = [-Infinity, -Infinity];

  const lacksFace = ({ tracks, unseen, hasLostOne }: Followed): boolean =>
    tracks.length === 0 || hasLostOne || unseen.length > 0;

  function needsDetector(followed: Followed, timeMs: number): boolean {
    if (!eyes || lacksFace(followed)) return true;
    const { tracks, maxFaces, newcomerIntervalMs } = followed;
    return tracks.length < maxFaces && timeMs - detectedMs >= newcomerIntervalMs;
  }

  /** A face's crop from its last points; from where it was, where these cannot lead. */
  const cropOfTrack = (track: Track): Crop => ({
    track,
    affine: eyes ? cropOfPoints(track.points, eyes, model) : cropOfBox(track.box, model),
    detection: null,
  });

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

  /** The faces of this frame after one look from closer, while there is room for more: smaller ones too, and those taken for one apart. */
  async function lookCloser(
    frame: Frame,
    look: number,
    tracked: readonly Crop[],
    found: readonly Observation[],
    maxFaces: number,
  ): Promise<Observation[]> {
    const { picture, timeMs, watch } = frame;
    const room = maxFaces - found.length;
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
    return faces.slice(0, Math.max(found.length, maxFaces));
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

  return {
    async find(frame, followed) {
      const { picture, timeMs, watch } = frame;
      const { tracks, unseen, maxFaces } = followed;
      const tracked = tracks.map(cropOfTrack);
      const isDue = needsDetector(followed, timeMs);
      let found = isDue ? [] : await observeIn(frame, tracked);
      if (isDue || found.length < tracked.length) {
        const isMissingOne = lacksFace(followed) || !isDue;
        const wasFound = (track: Track) => found.some((observation) => observation.track === track);
        const isMissing = (track: Track) => (isDue && eyes ? unseen.includes(track) : !wasFound(track));
        const detections = refusals.inTurn(await networks.detect(picture, watch), timeMs);
        const crops = withDetections(tracked, detections, isMissing, timeMs, maxFaces, model);
        // Where the detector has to find every crop, a face that it misses is not there.
        const isFirstLook = isDue && eyes !== null;
        found = [...found, ...(await observeIn(frame, isFirstLook ? crops : without(crops, tracked)))];
        detectedMs = timeMs;
        const isCloseDue = isMissingOne || timeMs - closeStartMs >= CLOSE_NEWCOMER_INTERVAL_MS;
        if (eyes && closeLook === null && isCloseDue && timeMs - closeEndMs >= CLOSE_REST_MS) {
          closeLook = 0;
          closeStartMs = timeMs;
        }
      }
      if (closeLook !== null) found = await lookCloser(frame, closeLook, tracked, found, maxFaces);
      return withoutDoubles(found);
    },
    restart() {
      detectedMs = turnedMs = closeStartMs = closeEndMs = -Infinity;
      refusals.clear();
    },
    forgetPlaces() {
      // What the looks from closer have left to show lies elsewhere.
      closeLook = null;
      refusals.clear();
    },
  };
}

function without(crops: readonly Crop[], others: readonly Crop[]): Crop[] {
  return crops.filter((crop) => !others.includes(crop));
}
