/** Waits for the first picture of a camera that has just been opened. */

import { CameraError } from './camera-error';

/** A camera that is on and seen, but has sent no picture after so long, is reported. */
const FIRST_PICTURE_MS = 10_000;

/** The parts of a video that are needed here. */
export type OpenedVideo = EventTarget & Pick<HTMLVideoElement, 'readyState'>;

const HAVE_CURRENT_DATA = 2;

/**
 * @param page the document: phones send no pictures to a page that is not seen, so that the time counts from when it was last shown
 * @throws CameraError `no-picture`, or the signal's reason
 */
export async function waitForPicture(
  video: OpenedVideo,
  page: EventTarget & Pick<Document, 'visibilityState'>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (video.readyState >= HAVE_CURRENT_DATA) return;
  const listening = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const count = () => {
        clearTimeout(timer);
        if (page.visibilityState === 'visible') timer = setTimeout(tooLate, FIRST_PICTURE_MS);
      };
      const tooLate = () =>
        reject(new CameraError('no-picture', `camera: no picture after ${FIRST_PICTURE_MS / 1000} s`));
      const on = { signal: listening.signal };
      video.addEventListener('loadeddata', () => resolve(), on);
      page.addEventListener('visibilitychange', count, on);
      signal.addEventListener('abort', () => reject(signal.reason as Error), on);
      count();
    });
  } finally {
    clearTimeout(timer);
    listening.abort();
  }
}
