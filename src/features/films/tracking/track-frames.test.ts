import { describe, expect, it } from 'vitest';
import type { Face, Manifest } from '../../../engine/types';
import type { FilmPicture, FilmReader } from '../../../shared/video/types';
import type { FrameTracker } from './frame-tracker';
import type { TrackedFrame } from '../types';
import { THUMBNAIL } from '../../../shared/video/thumbnail';
import { trackFrames, WARM_UP_FRAMES } from './track-frames';

const FRAMES = 60;
const CUT = 40;
const FLASHES = [20, 21, 50];
/** Not exact in binary, so that times do not survive a conversion to seconds and back. */
const timeOf = (frame: number) => (frame * 1001) / 30;
const manifest = { id: 'test' } as Manifest;

interface Picture extends FilmPicture {
  readonly frame: number;
}

/** Frames whose thumbnail is that of their shot. */
function film() {
  let open = 0;
  let mostOpen = 0;
  const pictureOf = (frame: number): Picture => {
    mostOpen = Math.max(mostOpen, (open += 1));
    return {
      ...{ frame, timeMs: timeOf(frame), durationMs: 33, width: 10, height: 10, draw: () => undefined },
      close: () => (open -= 1),
    };
  };
  const reader: FilmReader = {
    ...{ method: 'decoder', width: 10, height: 10, durationMs: timeOf(FRAMES), hasSound: false },
    async *frames(fromMs = 0) {
      // One before the asked one comes first, as from a reader that rounds.
      const first = Math.max(
        0,
        Array.from({ length: FRAMES }, (_, i) => timeOf(i)).findLastIndex((t) => t < fromMs),
      );
      for (let frame = first; frame < FRAMES; frame++) yield pictureOf(frame);
    },
    frameAt: async () => null,
    countFrames: async () => FRAMES,
    close: () => undefined,
  };
  // Bright on one side; a flash brightens all.
  const thumbnailOf = (picture: FilmPicture) => {
    const { frame } = picture as Picture;
    return Float32Array.from({ length: THUMBNAIL.width * THUMBNAIL.height }, (_, i) => {
      const isLeft = i % THUMBNAIL.width < THUMBNAIL.width / 2;
      const grey = isLeft === frame < CUT ? 30 : 220;
      return FLASHES.includes(frame) ? 230 + grey / 10 : grey;
    });
  };
  return { reader, thumbnailOf, openCount: () => open, mostOpen: () => mostOpen };
}

/** One face per engine and shot, with ids that go on counting, as the engine's do. */
function tracker(epoch = 1) {
  const anewAt: number[] = [];
  let id = 0;
  const track: FrameTracker['track'] = async (_make, timeMs, isAnew) => {
    if (isAnew) {
      anewAt.push(Math.round((timeMs * 30) / 1001));
      id += 1;
    }
    const points = Float32Array.from([0, 0, 10, 0, 0, 10]);
    const face: Face = { id, score: 1, points, spread: null, box: { x: 0, y: 0, width: 10, height: 10 } };
    return { faces: [face], epoch, manifest };
  };
  return { tracker: { track }, anewAt };
}

async function run(
  before: readonly TrackedFrame[] = [],
  lastTrack = 0,
  engine = tracker(),
  signal = AbortSignal.any([]),
) {
  const { reader, thumbnailOf, openCount, mostOpen } = film();
  const frames: TrackedFrame[] = [];
  const bitmapOf = async () => ({}) as ImageBitmap;
  const options = { reader, tracker: engine.tracker, before, lastTrack, signal, thumbnailOf, bitmapOf };
  for await (const { frame } of trackFrames(options)) frames.push(frame);
  return { frames, openCount, mostOpen, anewAt: engine.anewAt };
}

describe('tracking a film', () => {
  it('gives each frame once, and begins anew at the start and at the cut, not at flashes', async () => {
    const { frames, openCount, mostOpen, anewAt } = await run();
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
    expect(frames.map(({ timeMs }) => timeMs)).toEqual(frames.map((_, i) => timeOf(i)));
    expect(frames.map(({ shot }) => shot)).toEqual(frames.map((_, i) => (i < CUT ? 0 : 1)));
    expect(frames.map(({ faces }) => faces[0].track)).toEqual(frames.map((_, i) => (i < CUT ? 1 : 2)));
    expect(anewAt).toEqual([0, CUT]);
    expect(openCount()).toBe(0);
    expect(mostOpen()).toBeLessThan(8);
  });

  it('goes on after the last stored frame with the same track, on another engine', async () => {
    const { frames } = await run();
    for (const done of [1, 10, 21, 30, CUT, CUT + 1, FRAMES]) {
      const before = frames.slice(0, done).slice(-WARM_UP_FRAMES);
      const lastTrack = done <= CUT ? 1 : 2;
      const rest = await run(before, lastTrack, tracker(2));
      expect(rest.frames, `after ${done}`).toEqual(frames.slice(done));
      expect(rest.openCount()).toBe(0);
    }
  });

  it('ends with the reason of an abort, and keeps no frame open', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await expect(run([], 0, tracker(), abort.signal)).rejects.toThrow('enough');
  });
});
