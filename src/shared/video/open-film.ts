/** Opens a video file for reading frame by frame: through WebCodecs where it can, else through a `<video>` that seeks. */

import { BlobSource, Input, MATROSKA, MP4, QTFF, VideoSampleSink, WEBM } from 'mediabunny';
import type { InputVideoTrack, VideoSample } from 'mediabunny';
import { errorMessage } from '../format/error';
import { FilmError } from './film-error';
import { frameTimesOf, presentedMs } from './presentation';
import { openBySeeking } from './seeking';
import type { FilmPicture, FilmReader } from './types';

/** Added to a time that is asked for, s: a frame's own time in ms, converted back, may have become a little less. */
const TIME_SLACK_S = 2e-6;

export const inputFormats = [MP4, QTFF, WEBM, MATROSKA];

/**
 * @param name for messages
 * @throws FilmError naming the file when it has no video that this browser can read
 */
export async function openFilm(file: Blob, name: string): Promise<FilmReader> {
  if (file.size === 0) throw new FilmError(`${name}: is empty`);
  const input = new Input({ source: new BlobSource(file), formats: inputFormats });
  try {
    if (!(await input.canRead())) return await openBySeeking(file, name, null);
    const track = await input.getPrimaryVideoTrack();
    if (!track) throw new FilmError(await missingVideo(input, name));
    // Mediabunny merges alpha in a worker made from a text, which the content security policy of the app forbids.
    const isOpaque = !(await track.canBeTransparent());
    const canDecode = typeof VideoDecoder !== 'undefined' && isOpaque && (await track.canDecode());
    if (canDecode) {
      const decoded = await openByDecoder(input, track, name);
      if (await givesFrames(decoded)) return decoded;
    }
    const reader = await openBySeeking(file, name, track).catch(async (thrown: unknown) => {
      throw (await undecodable(track, name)) ?? thrown;
    });
    return withClose(reader, () => input.dispose());
  } catch (thrown) {
    input.dispose();
    if (thrown instanceof FilmError) throw thrown;
    throw new FilmError(`${name}: cannot be read (${errorMessage(thrown)})`, { cause: thrown });
  }
}

async function missingVideo(input: Input, name: string): Promise<string> {
  const hasTracks = (await input.getTracks()).length > 0;
  if (hasTracks) return `${name}: holds no video`;
  return `${name}: the list of what it holds is missing. It is not whole, as when a recording or a download was cut short`;
}

/** By their names in mediabunny, or in MP4 where it knows them not. */
const codecNames: Readonly<Record<string, string>> = {
  avc: 'H.264',
  hevc: 'HEVC (H.265)',
  prores: 'ProRes',
  mp4v: 'MPEG-4 Part 2',
};

/** Names the codec where it is the reason why nothing is shown; null where the browser says that it can decode it. */
async function undecodable(track: InputVideoTrack, name: string): Promise<FilmError | null> {
  if (await track.canDecode().catch(() => false)) return null;
  const codec = (await track.getCodec()) ?? (await track.getInternalCodecId());
  if (typeof codec !== 'string') return null;
  const label = codecNames[codec] ?? codec.toUpperCase();
  return new FilmError(
    `${name}: its pictures are coded as ${label}, which this browser cannot decode. Try another browser, or convert it to H.264 or VP9`,
  );
}

/**
 * Whether the first frame comes: a decoder may say that it can and then fail, as WebKitGTK's does on PAL's colour
 * space, which it gives a name that is not in the standard.
 */
async function givesFrames(reader: FilmReader): Promise<boolean> {
  const frames = reader.frames();
  try {
    const { value } = await frames.next();
    value?.close();
    return true;
  } catch {
    return false;
  } finally {
    await frames.return();
  }
}

function withClose(reader: FilmReader, more: () => void): FilmReader {
  return {
    ...reader,
    close() {
      reader.close();
      more();
    },
  };
}

async function openByDecoder(input: Input, track: InputVideoTrack, name: string): Promise<FilmReader> {
  const sink = new VideoSampleSink(track);
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const durationS = await track.getDurationFromMetadata();
  const sound = await input.getPrimaryAudioTrack();
  /** Null, and the sample is closed, where it comes before the film's start. */
  const toPicture = (sample: VideoSample): FilmPicture | null => {
    const timeMs = presentedMs(sample.timestamp * 1000);
    if (timeMs === null) {
      sample.close();
      return null;
    }
    return {
      ...{ timeMs, durationMs: sample.duration * 1000, width, height },
      draw: (context, drawnWidth, drawnHeight) => sample.draw(context, 0, 0, drawnWidth, drawnHeight),
      close: () => sample.close(),
    };
  };
  return {
    method: 'decoder',
    width,
    height,
    durationMs: durationS === null ? null : durationS * 1000,
    hasSound: sound !== null,
    async *frames(fromMs) {
      const samples = sink.samples(fromMs === undefined ? undefined : fromMs / 1000 + TIME_SLACK_S);
      let lastS = 0;
      try {
        for await (const sample of samples) {
          lastS = sample.timestamp;
          const picture = toPicture(sample);
          if (picture) yield picture;
        }
      } catch (thrown) {
        const after = `cannot be decoded after ${lastS.toFixed(2)} s`;
        throw new FilmError(`${name}: ${after} (${errorMessage(thrown)})`, { cause: thrown });
      }
    },
    async frameAt(timeMs) {
      const sample = await sink.getSample(timeMs / 1000 + TIME_SLACK_S);
      return sample && toPicture(sample);
    },
    countFrames: async () => (await frameTimesOf(track)).length,
    close: () => input.dispose(),
  };
}
