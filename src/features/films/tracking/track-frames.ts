/** Reads a film from some frame on and tracks its faces, shot by shot. */

import { boxOf } from '../../../engine/geometry';
import type { Box, Manifest } from '../../../engine/types';
import { createShotDetector } from '../../../shared/video/shots';
import { createThumbnailMaker, type Thumbnail } from '../../../shared/video/thumbnail';
import type { FilmPicture, FilmReader } from '../../../shared/video/types';
import type { TrackedFace, TrackedFrame } from '../types';
import type { FrameTracker, TrackedResult } from './frame-tracker';

/**
 * Frames before the first new one that are tracked again when reading goes on, so that tracks and filters are as they were, and the
 * look of a face at rest is known again: in a head that turns to and fro the opening of an eye was then off by 0.03 in the mean, the
 * weights of expression by 0.005 at most (15 frames: 0.12 and 0.05), against reading without a pause.
 */
export const WARM_UP_FRAMES = 240;
/** Boxes of one face, once as it was stored and once as it is tracked again, overlap at least so much. */
const MIN_SAME_OVERLAP = 0.5;
/** Times of the same frame differ by less, ms: seconds and milliseconds are not exact in each other. */
const TIME_TOLERANCE_MS = 0.01;

export interface TrackFramesOptions {
  readonly reader: FilmReader;
  readonly tracker: FrameTracker;
  /** The last frames that are stored, at most `WARM_UP_FRAMES`, in order; none at the beginning of the film. */
  readonly before: readonly TrackedFrame[];
  /** The highest track among all that is stored. */
  readonly lastTrack: number;
  readonly signal: AbortSignal;
  /** For tests, which have no canvas. */
  readonly thumbnailOf?: (picture: FilmPicture) => Thumbnail;
  readonly bitmapOf?: (picture: FilmPicture) => Promise<ImageBitmap>;
}

export interface TrackedStep {
  readonly frame: TrackedFrame;
  readonly manifest: Manifest;
}

/** Frames after those in `before`, each once. @throws what reading and tracking throw, and the signal's reason */
export async function* trackFrames(options: TrackFramesOptions): AsyncGenerator<TrackedStep> {
  const { reader, tracker, before, signal } = options;
  const thumbnailOf = options.thumbnailOf ?? createThumbnailMaker();
  const bitmapOf = options.bitmapOf ?? createBitmapMaker(reader);
  const numbering = createNumbering(options.lastTrack);
  let [index, shot] = before.length ? [before[0].index, before[0].shot] : [0, 0];
  let isAnew = true;
  const fromMs = before[0]?.timeMs;
  for await (const { picture, isCut } of withCuts(reader, fromMs, thumbnailOf)) {
    try {
      signal.throwIfAborted();
      if (isCut) {
        shot += 1;
        isAnew = true;
      }
      const { timeMs } = picture;
      const result = await tracker.track(() => bitmapOf(picture), timeMs, isAnew, signal);
      isAnew = false;
      const stored = before.find((frame) => frame.index === index);
      if (stored) {
        shot = stored.shot;
        numbering.adopt(result, stored);
      } else
        yield { frame: { index, timeMs, shot, faces: numbering.number(result) }, manifest: result.manifest };
      index += 1;
    } finally {
      picture.close();
    }
  }
}

interface CutPicture {
  readonly picture: FilmPicture;
  /** Whether it begins another shot. */
  readonly isCut: boolean;
}

/** The frames from a time on, with the cuts between them; some are held back until later ones tell whether there is a cut. */
async function* withCuts(
  reader: FilmReader,
  fromMs: number | undefined,
  thumbnailOf: (picture: FilmPicture) => Thumbnail,
): AsyncGenerator<CutPicture> {
  // A player that seeks has one picture at a time.
  const shots = createShotDetector(reader.method === 'decoder');
  const held: FilmPicture[] = [];
  function* take(cuts: readonly boolean[]): Generator<CutPicture> {
    for (const isCut of cuts) yield { isCut, picture: held.shift()! };
  }
  try {
    for await (const picture of reader.frames(fromMs)) {
      held.push(picture);
      if (fromMs !== undefined && picture.timeMs < fromMs - TIME_TOLERANCE_MS) {
        held.pop()!.close();
        continue;
      }
      yield* take(shots.add(thumbnailOf(picture), picture.timeMs));
    }
    yield* take(shots.end());
  } finally {
    for (const picture of held) picture.close();
  }
}

function createBitmapMaker({ width, height }: FilmReader): (picture: FilmPicture) => Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('films: this browser gives no 2D canvas');
  return (picture) => {
    picture.draw(context, width, height);
    return createImageBitmap(canvas);
  };
}

/** Numbers tracks through the film, whichever engine they come from. */
function createNumbering(lastTrack: number) {
  const known = new Map<string, number>();
  let last = lastTrack;
  const keyOf = (epoch: number, id: number) => `${epoch}:${id}`;
  return {
    /** Tracks that are found again where they are stored keep their numbers. */
    adopt({ faces, epoch }: TrackedResult, stored: TrackedFrame): void {
      for (const { id, box } of faces) {
        const same = stored.faces.find(({ points }) => overlap(boxOf(points), box) >= MIN_SAME_OVERLAP);
        if (same) known.set(keyOf(epoch, id), same.track);
      }
    },
    number: ({ faces, epoch }: TrackedResult): TrackedFace[] =>
      faces.map(({ id, score, points, spread, visible, signals }) => {
        const key = keyOf(epoch, id);
        const track = known.get(key) ?? ++last;
        known.set(key, track);
        return { track, score, points, spread, ...(visible && { visible }), ...(signals && { signals }) };
      }),
  };
}

/** Intersection over union. */
function overlap(one: Box<'image'>, other: Box<'image'>): number {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (across <= 0 || down <= 0) return 0;
  const shared = across * down;
  return shared / (one.width * one.height + other.width * other.height - shared);
}
