/**
 * Frames through a `<video>` that seeks from one to the next: slower than decoding, and the way for browsers without WebCodecs
 * or without this codec in them. The true times come from the file where it can be parsed, else from the browser as it shows
 * each frame.
 */

import type { InputVideoTrack } from 'mediabunny';
import { FilmError } from './film-error';
import { frameTimesOf } from './presentation';
import type { FilmPicture, FilmReader } from './types';

/** Step of the search for the next frame where the file does not tell its times, ms: finds every frame up to 120 a second. */
const STEP_MS = 4;
const SEEK_MS = 10_000;

export async function openBySeeking(
  file: Blob,
  name: string,
  track: InputVideoTrack | null,
): Promise<FilmReader> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  video.src = URL.createObjectURL(file);
  const close = () => {
    URL.revokeObjectURL(video.src);
    video.removeAttribute('src');
    video.load();
  };
  try {
    await happens(video, 'loadeddata', () => undefined, name);
  } catch (thrown) {
    close();
    throw thrown;
  }
  const { videoWidth: width, videoHeight: height } = video;
  if (!width || !height) {
    close();
    throw new FilmError(`${name}: holds no video`);
  }
  const times = track && (await frameTimesOf(track));
  const durationMs = Number.isFinite(video.duration) ? video.duration * 1000 : null;

  async function seek(timeMs: number): Promise<number> {
    const shown = nextShown(video);
    await happens(video, 'seeked', () => (video.currentTime = timeMs / 1000), name);
    return (await shown) ?? timeMs;
  }
  const pictureAt = (timeMs: number, frameMs: number): FilmPicture => ({
    timeMs,
    durationMs: frameMs,
    width,
    height,
    draw(context, drawnWidth, drawnHeight) {
      // Through a film with transparency the frame before would be seen.
      context.clearRect(0, 0, drawnWidth, drawnHeight);
      context.drawImage(video, 0, 0, drawnWidth, drawnHeight);
    },
    close: () => undefined,
  });

  async function* byTimes(all: readonly number[], fromMs: number) {
    const first = Math.max(
      0,
      all.findLastIndex((timeMs) => timeMs <= fromMs),
    );
    for (let i = first; i < all.length; i++) {
      const frameMs = (all[i + 1] ?? durationMs ?? all[i]) - all[i];
      // Its middle: at its very edge some browsers show the frame before.
      await seek(all[i] + Math.min(frameMs / 2, STEP_MS));
      yield pictureAt(all[i], frameMs);
    }
  }

  async function* byStepping(fromMs: number) {
    let last = -1;
    for (let timeMs = fromMs; timeMs < (durationMs ?? 0); timeMs += STEP_MS) {
      const shownMs = await seek(timeMs);
      if (shownMs <= last) continue;
      last = shownMs;
      yield pictureAt(shownMs, 0);
      timeMs = Math.max(timeMs, shownMs);
    }
  }

  return {
    method: 'seeking',
    width,
    height,
    durationMs,
    hasSound: false,
    frames: (fromMs = 0) => (times ? byTimes(times, fromMs) : byStepping(fromMs)),
    async frameAt(timeMs) {
      const frames = times ? byTimes(times, timeMs) : byStepping(timeMs);
      const { value } = await frames.next();
      return value ?? null;
    },
    countFrames: async () => times?.length ?? null,
    close,
  };
}

/** The time of the next frame that is put on the screen, ms; null where the browser does not tell, or shows none anew. */
function nextShown(video: HTMLVideoElement): Promise<number | null> {
  if (!('requestVideoFrameCallback' in video)) return Promise.resolve(null);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 250, null);
    video.requestVideoFrameCallback((_now, { mediaTime }) => {
      clearTimeout(timer);
      resolve(mediaTime * 1000);
    });
  });
}

/** Starts something and waits for the event that ends it. @throws FilmError naming the file */
function happens(video: HTMLVideoElement, event: string, start: () => void, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: FilmError | null) => {
      clearTimeout(timer);
      video.removeEventListener(event, onEvent);
      video.removeEventListener('error', onError);
      if (error) reject(error);
      else resolve();
    };
    const onEvent = () => end(null);
    const unread =
      'is no video that this browser can read. If it plays elsewhere, convert it to MP4 (H.264) or WebM';
    const onError = () => end(new FilmError(`${name}: ${unread}`));
    const late = new FilmError(`${name}: the browser does not show it`);
    const timer = setTimeout(end, SEEK_MS, late);
    video.addEventListener(event, onEvent);
    video.addEventListener('error', onError);
    start();
  });
}
