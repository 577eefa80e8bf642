/** A canvas as a video, second by second. */

/**
 * WebM first: it can be played up to wherever it was cut, where MP4 comes in pieces of many seconds. VP8 last: at a few
 * frames a second Chromium 156 drops most of them (2 of 15 came through, of VP9 all).
 */
const types = ['video/webm;codecs=vp9', 'video/mp4;codecs=avc1.42E01F', 'video/webm', 'video/mp4'];
const PART_MS = 1000;
/** How long a recorder may take to hand out its last part, ms: some never say that they have stopped. */
const STOP_MS = 5000;
/** Enough for a face and thin lines at 30 frames a second. */
const BITS_PER_PIXEL = 6;

/** The first type that this browser can record, or null where it can record none. */
export function videoType(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  if (!('captureStream' in HTMLCanvasElement.prototype)) return null;
  return types.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** The ending of a file of this type. */
export const endingOf = (type: string): string => (type.startsWith('video/mp4') ? 'mp4' : 'webm');

export interface VideoRecorder {
  pause(): void;
  resume(): void;
  /** Resolves after the last part, or when none comes within `STOP_MS`. */
  stop(): Promise<void>;
}

/**
 * @param onPart gets about a second of video; the parts one after the other are the file
 * @param onFailed is called when the browser gives up encoding
 */
export function recordCanvas(
  canvas: HTMLCanvasElement,
  type: string,
  onPart: (video: Blob) => void,
  onFailed: (reason: Error) => void,
): VideoRecorder {
  const stream = canvas.captureStream();
  const videoBitsPerSecond = BITS_PER_PIXEL * canvas.width * canvas.height;
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond });
  const stopped = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()));
  recorder.addEventListener('dataavailable', ({ data }) => onPart(data));
  recorder.addEventListener('error', () => onFailed(new Error('recording: this browser stopped encoding')));
  recorder.start(PART_MS);
  return {
    pause() {
      if (recorder.state !== 'recording') return;
      // A hidden page may be closed at any time: what there is goes to storage now.
      recorder.requestData();
      recorder.pause();
    },
    resume() {
      if (recorder.state === 'paused') recorder.resume();
    },
    async stop() {
      if (recorder.state !== 'inactive') recorder.stop();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
      await Promise.race([stopped, late]);
      clearTimeout(timer);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
