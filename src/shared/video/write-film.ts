/** Writes a film with the frames of another, drawn over, at the very times they have there, and with its sound as it is. */

import {
  BlobSource,
  EncodedVideoPacketSource,
  getFirstEncodableVideoCodec,
  Input,
  MkvOutputFormat,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
} from 'mediabunny';
import type { InputAudioTrack, OutputFormat, VideoCodec } from 'mediabunny';
import type { Size } from '../imaging/types';
import { alphaConfig, createAlphaEncoder } from './alpha-encoder';
import { copySoundTo } from './copy-sound';
import { canEncodeSound, encodeSoundTo } from './encode-sound';
import { FilmError } from './film-error';
import { inputFormats, openFilm } from './open-film';
import { createFilmTarget } from './target';
import type { Context2D, FilmReader } from './types';

/** Between two frames that can be decoded by themselves: so coarse is seeking in the film. */
const KEY_FRAME_INTERVAL_S = 2;
const KEY_FRAME_INTERVAL = 60;

export interface WriteFilmOptions {
  readonly file: Blob;
  /** For messages. */
  readonly name: string;
  /** The first so many frames. */
  readonly frameCount: number;
  /** Whether these are all: sound often lasts a little longer than the last frame. */
  readonly isWhole: boolean;
  /** Draws over a frame. @param index from 0 */
  readonly draw: (context: Context2D, index: number) => Promise<void>;
  readonly onProgress: (frames: number) => void;
  readonly signal: AbortSignal;
}

export interface WrittenFilm {
  readonly blob: Blob;
  /** With its dot. */
  readonly extension: string;
  /** What a person should know, such as that sound is missing. */
  readonly notes: readonly string[];
}

const silent = 'No file format that this browser can write takes its sound: it is silent.';

/** Whether this browser can write films that one can see through. */
export async function canWriteTransparent(size: Size): Promise<boolean> {
  if (typeof VideoEncoder === 'undefined') return false;
  return (await VideoEncoder.isConfigSupported(alphaConfig(size))).supported === true;
}

/** @throws FilmError naming the film where it cannot be read or encoded; the signal's reason */
export async function writeFilm(options: WriteFilmOptions): Promise<WrittenFilm> {
  const { file, name } = options;
  const reader = await openFilm(file, name);
  const input = new Input({ source: new BlobSource(file), formats: inputFormats });
  let output: Output | null = null;
  try {
    const sound = await input.getPrimaryAudioTrack().catch(() => null);
    const { codec, format, hasSound } = await choose(name, reader, sound);
    const target = await createFilmTarget();
    const video = new VideoSampleSource({
      codec,
      quality: new Quality('high'),
      keyFrameInterval: KEY_FRAME_INTERVAL_S,
    });
    output = new Output({ format, target: target.target });
    output.addVideoTrack(video);
    const copySound = hasSound && sound ? await copySoundTo(output, sound) : null;
    await output.start();
    let endS = 0;
    for await (const { canvas, timestamp, duration } of drawnFrames(reader, options, true)) {
      const sample = new VideoSample(canvas, { timestamp, duration });
      await video.add(sample).finally(() => sample.close());
      endS = timestamp + duration;
      await copySound?.(endS);
    }
    await copySound?.(soundEndS(endS, reader, options));
    await output.finalize();
    return {
      blob: await target.finish(format.mimeType),
      extension: format.fileExtension,
      notes: sound && !hasSound ? [silent] : [],
    };
  } catch (thrown) {
    await output?.cancel().catch(() => undefined);
    throw thrown;
  } finally {
    reader.close();
    input.dispose();
  }
}

const soundEndS = (endS: number, { durationMs }: FilmReader, { isWhole }: WriteFilmOptions): number =>
  isWhole ? Math.max(endS, (durationMs ?? 0) / 1000) : endS;

/** What is drawn, over nothing, as WebM with alpha and the film's sound. @throws as `writeFilm` */
export async function writeTransparent(options: WriteFilmOptions): Promise<WrittenFilm> {
  const reader = await openFilm(options.file, options.name);
  const input = new Input({ source: new BlobSource(options.file), formats: inputFormats });
  const format = new WebMOutputFormat();
  const target = await createFilmTarget();
  const output = new Output({ format, target: target.target });
  const source = new EncodedVideoPacketSource('vp9');
  output.addVideoTrack(source, { canBeTransparent: true });
  const encoder = createAlphaEncoder(reader, source);
  try {
    const sound = await input.getPrimaryAudioTrack().catch(() => null);
    const addSound = sound && (await addSoundTo(output, sound, format));
    await output.start();
    let endS = 0;
    for await (const { context, index, timestamp, duration } of drawnFrames(reader, options, false)) {
      const { data } = context.getImageData(0, 0, reader.width, reader.height);
      await encoder.add(data, timestamp, duration, index % KEY_FRAME_INTERVAL === 0);
      endS = timestamp + duration;
      await addSound?.(endS);
    }
    await encoder.finish();
    await addSound?.(soundEndS(endS, reader, options));
    await output.finalize();
    return {
      blob: await target.finish(format.mimeType),
      extension: format.fileExtension,
      notes: sound && !addSound ? [silent] : [],
    };
  } catch (thrown) {
    await output.cancel().catch(() => undefined);
    throw thrown;
  } finally {
    encoder.close();
    reader.close();
    input.dispose();
  }
}

/** As it is where the format takes it, else encoded anew; null where this browser can do neither. */
async function addSoundTo(output: Output, sound: InputAudioTrack, format: OutputFormat) {
  const codec = await sound.getCodec();
  if (codec && format.getSupportedAudioCodecs().includes(codec)) return copySoundTo(output, sound);
  return (await canEncodeSound(sound)) ? encodeSoundTo(output, sound) : null;
}

/** Frames with what is drawn over them, on one canvas; times in s. */
async function* drawnFrames(
  reader: FilmReader,
  { name, frameCount, draw, onProgress, signal }: WriteFilmOptions,
  hasGround: boolean,
) {
  const { width, height } = reader;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new FilmError(`${name}: this browser gives no 2D canvas`);
  let index = 0;
  for await (const picture of reader.frames()) {
    try {
      signal.throwIfAborted();
      if (index >= frameCount) return;
      context.clearRect(0, 0, width, height);
      if (hasGround) picture.draw(context, width, height);
      await draw(context, index);
      const [timestamp, duration] = [picture.timeMs / 1000, picture.durationMs / 1000];
      yield { canvas, context, index, timestamp, duration };
      onProgress((index += 1));
    } finally {
      picture.close();
    }
  }
}

/** MP4 first: it keeps times to the microsecond, where WebM rounds them to a millisecond. */
async function choose(
  name: string,
  { width, height }: Size,
  sound: InputAudioTrack | null,
): Promise<{ codec: VideoCodec; format: OutputFormat; hasSound: boolean }> {
  const codecs: VideoCodec[] = ['avc', 'vp9', 'av1', 'vp8'];
  const codec =
    typeof VideoEncoder === 'undefined' ? null : await getFirstEncodableVideoCodec(codecs, { width, height });
  if (!codec) throw new FilmError(`${name}: this browser cannot encode films of ${width}×${height} px`);
  const formats = [new Mp4OutputFormat(), new WebMOutputFormat(), new MkvOutputFormat()].filter((format) =>
    format.getSupportedVideoCodecs().includes(codec),
  );
  const soundCodec = sound && (await sound.getCodec());
  const fitting = formats.find(
    (format) => soundCodec && format.getSupportedAudioCodecs().includes(soundCodec),
  );
  return { codec, format: fitting ?? formats[0], hasSound: fitting !== undefined };
}
