/** Tracks faces from frame to frame: which face is which, for how long one may go unseen, and what a camera's changes do to them. */

import type { Size } from '../detect/blazeface';
import type { Picture } from '../landmark/crop';
import type { Stopwatch } from '../timings';
import type { Face } from '../types';
import { isDouble, type Observation, type Track } from './association';
import { createFaceReport, type ReadEyesOf, type ReportedModel, type ReportOptions } from './face-report';
import { createFaceSearch, type SearchedModel, type SearchNetworks } from './face-search';
import { moveTrack, velocityOf } from './motion';
import { createOneEuro, oneEuroSettings } from './one-euro';

/** How long a face may go unseen (motion blur, a hand) and come back under its id, ms. It is not reported meanwhile. */
const GRACE_MS = 200;

export interface TrackerNetworks extends SearchNetworks {
  readonly eyes: ReadEyesOf;
}

export interface TrackerOptions extends ReportOptions {
  readonly maxFaces: number;
  readonly newcomerIntervalMs: number;
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

export function createTracker(
  networks: TrackerNetworks,
  model: SearchedModel & ReportedModel,
  first: TrackerOptions,
): Tracker {
  const search = createFaceSearch(networks, model);
  const report = createFaceReport((...args) => networks.eyes(...args), model);
  let options = first;
  let tracks: Track[] = [];
  let nextId = 1;
  let lastMs = -Infinity;
  let hasLostOne = false;
  /** Of the last frame, image px. */
  let size: Size | null = null;

  const wasUnseen = (track: Track): boolean => track.seenMs < lastMs;

  function restart(timeMs: number): void {
    for (const track of tracks) {
      track.filter.reset();
      track.velocity = { x: 0, y: 0 };
      track.seenMs = wasUnseen(track) ? -Infinity : timeMs;
    }
    search.restart();
    lastMs = timeMs;
  }

  function resize(next: Size): void {
    if (size && (size.width !== next.width || size.height !== next.height)) {
      for (const track of tracks) moveTrack(track, size, next);
      search.forgetPlaces();
    }
    size = next;
  }

  function toTrack({ track, prediction }: Observation, timeMs: number): Track {
    const { points, box } = prediction;
    const velocity = track ? velocityOf(track, box, timeMs) : { x: 0, y: 0 };
    const seen = { points, box, velocity, seenMs: timeMs, sightings: (track?.sightings ?? 0) + 1 };
    if (track) return Object.assign(track, seen);
    const filter = createOneEuro(oneEuroSettings(options.smoothing));
    return { id: nextId++, filter, signals: null, ...seen };
  }

  /** Those that were seen are the tracks from now on, and those of the others that may yet come back. */
  function keep(seen: readonly Track[], timeMs: number): void {
    const unseen = tracks.filter((track) => !seen.includes(track));
    const waiting = unseen.filter((track) => timeMs - track.seenMs <= GRACE_MS && !isDouble(track, seen));
    hasLostOne = waiting.length < unseen.length;
    tracks = [...seen, ...waiting.slice(0, options.maxFaces - seen.length)].sort(byId);
    lastMs = timeMs;
  }

  return {
    async track(picture, timeMs, watch) {
      if (timeMs <= lastMs) restart(timeMs);
      tracks = tracks.slice(0, options.maxFaces);
      for (const { filter } of tracks) filter.tune(oneEuroSettings(options.smoothing));
      resize({ width: picture.width, height: picture.height });
      const frame = { picture, timeMs, watch };
      const { maxFaces, newcomerIntervalMs } = options;
      const unseen = tracks.filter(wasUnseen);
      const found = await search.find(frame, {
        ...{ tracks, unseen, hasLostOne, maxFaces, newcomerIntervalMs },
      });
      const eyes = await report.eyesOf(frame, found, options);
      return watch.time('filterMs', () => {
        const seen = found.map((observation) => toTrack(observation, timeMs));
        const faces = seen.map((track, i) => report.toFace(track, found[i], eyes[i], frame, options));
        keep(seen, timeMs);
        return faces.sort(byId);
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
      lastMs = -Infinity;
      search.restart();
      search.forgetPlaces();
      size = null;
      hasLostOne = false;
    },
  };
}

function byId(one: { readonly id: number }, other: { readonly id: number }): number {
  return one.id - other.id;
}
