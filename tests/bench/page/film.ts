/** Films with a number in each frame, made and read by the browser's own codecs. */
import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import { makeSeekable } from '../../../src/shared/video/remux';
import { openFilm } from '../../../src/shared/video/open-film';
import { drawEmpty, drawPose, ONE_FACE, poseAt } from '../../fixtures/motion';
import { createCanvas, loadPortrait } from './pictures';

export interface FilmPlan {
  readonly container: 'mp4' | 'webm';
  readonly width: number;
  readonly height: number;
  /** S, one per frame, and the end of the last. */
  readonly times: readonly number[];
  /** Frames that show the moving face; the others show the backdrop alone. Left out: none does. */
  readonly faceFrames?: readonly (readonly [first: number, last: number])[];
  /** Whether a tone is heard. */
  readonly sound?: boolean;
}

/** Bits of a frame's number, side by side along the lower edge, the lowest first. */
const BITS = 12;

function drawNumber(
  context: OffscreenCanvasRenderingContext2D,
  width: number,
  height: number,
  number: number,
): void {
  const side = width / BITS;
  for (let bit = 0; bit < BITS; bit++) {
    context.fillStyle = (number >> bit) & 1 ? 'white' : 'black';
    context.fillRect(bit * side, height - side, side, side);
  }
}

function readNumber(context: OffscreenCanvasRenderingContext2D, width: number, height: number): number {
  const side = width / BITS;
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const [grey] = context.getImageData(
      Math.floor((bit + 0.5) * side),
      Math.floor(height - side / 2),
      1,
      1,
    ).data;
    if (grey > 127) number |= 1 << bit;
  }
  return number;
}

/** The file in base64. */
export async function makeFilm({
  container,
  width,
  height,
  times,
  faceFrames = [],
  sound,
}: FilmPlan): Promise<string> {
  const [canvas, context] = createCanvas(width, height);
  const portrait = await loadPortrait();
  const codec = await getFirstEncodableVideoCodec(['vp9', 'avc'], { width, height });
  if (!codec) throw new Error('film: this browser encodes none');
  const format = container === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat();
  const output = new Output({ format, target: new BufferTarget() });
  const video = new VideoSampleSource({ codec, quality: new Quality('high'), keyFrameInterval: 1 });
  output.addVideoTrack(video);
  const audio = sound ? new AudioSampleSource({ codec: 'opus', bitrate: 64_000 }) : null;
  if (audio) output.addAudioTrack(audio);
  await output.start();
  if (audio) await audio.add(toneOf(times[times.length - 1]));
  for (let i = 0; i < times.length - 1; i++) {
    drawEmpty(context);
    // Faces are placed for frames of the clip's size; in others part of it is seen.
    if (faceFrames.some(([first, last]) => first <= i && i <= last))
      drawPose(context, portrait, poseAt(ONE_FACE, times[i] * 1000));
    context.setTransform(1, 0, 0, 1, 0, 0);
    drawNumber(context, width, height, i);
    const sample = new VideoSample(canvas, { timestamp: times[i], duration: times[i + 1] - times[i] });
    await video.add(sample);
    sample.close();
  }
  await output.finalize();
  return toBase64(new Uint8Array(output.target.buffer!));
}

function toneOf(seconds: number): AudioSample {
  const sampleRate = 48_000;
  const data = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) =>
    Math.sin((2 * Math.PI * 440 * i) / sampleRate),
  );
  return new AudioSample({ data, format: 'f32', numberOfChannels: 1, sampleRate, timestamp: 0 });
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export const fromBase64 = (base64: string, type = '') =>
  new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type });

export interface ReadFilm {
  readonly method: string;
  readonly hasSound: boolean;
  readonly durationMs: number | null;
  /** As the file announces them. */
  readonly announced: number | null;
  readonly frames: readonly { readonly number: number; readonly timeMs: number }[];
}

/** Reads the number of every frame, from the one at `fromMs` on. */
export async function readFilm(base64: string, fromMs?: number): Promise<ReadFilm> {
  const reader = await openFilm(fromBase64(base64), 'test film');
  const { width, height, method, hasSound, durationMs } = reader;
  const [, context] = createCanvas(width, height);
  const frames: { number: number; timeMs: number }[] = [];
  for await (const picture of reader.frames(fromMs)) {
    picture.draw(context, width, height);
    frames.push({ number: readNumber(context, width, height), timeMs: picture.timeMs });
    picture.close();
  }
  const announced = await reader.countFrames();
  reader.close();
  return { method, hasSound, durationMs, announced, frames };
}

/** The number of the frame at each of these times. */
export async function readFramesAt(base64: string, timesMs: readonly number[]): Promise<number[]> {
  const reader = await openFilm(fromBase64(base64), 'test film');
  const [, context] = createCanvas(reader.width, reader.height);
  const numbers: number[] = [];
  for (const timeMs of timesMs) {
    const picture = await reader.frameAt(timeMs);
    picture?.draw(context, reader.width, reader.height);
    numbers.push(picture ? readNumber(context, reader.width, reader.height) : -1);
    picture?.close();
  }
  reader.close();
  return numbers;
}

/** Share of each frame that is not transparent, by half at least. */
export async function readOpacity(base64: string): Promise<number[]> {
  const reader = await openFilm(fromBase64(base64), 'test film');
  const { width, height } = reader;
  const [, context] = createCanvas(width, height);
  const shares: number[] = [];
  for await (const picture of reader.frames()) {
    context.clearRect(0, 0, width, height);
    picture.draw(context, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    let opaque = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 127) opaque += 1;
    shares.push(opaque / (width * height));
    picture.close();
  }
  reader.close();
  return shares;
}

/** Whether browsers know its length at once, before and after it was made seekable, s; and the film itself. */
export async function remuxFilm(base64: string, type: string) {
  const before = fromBase64(base64, type);
  const after = await makeSeekable(before, 'test film');
  const bytes = new Uint8Array(await after.arrayBuffer());
  return { before: await lengthOf(before), after: await lengthOf(after), film: toBase64(bytes) };
}

/** As a recorder writes it: a length is nowhere in it. */
export async function recordFilm(milliseconds: number): Promise<string> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d')!;
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: 'video/webm;codecs=vp9' });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start(200);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  for (const endMs = performance.now() + milliseconds; performance.now() < endMs;) {
    context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  recorder.stop();
  await stopped;
  return toBase64(new Uint8Array(await new Blob(parts).arrayBuffer()));
}

/** S, null where the browser takes it for endless. */
async function lengthOf(film: Blob): Promise<number | null> {
  const video = document.createElement('video');
  video.src = URL.createObjectURL(film);
  await new Promise((resolve, reject) => {
    video.onloadedmetadata = resolve;
    video.onerror = reject;
  });
  return Number.isFinite(video.duration) ? video.duration : null;
}
