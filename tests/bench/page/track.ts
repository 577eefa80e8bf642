/** A film through the engine, to a text file: the way of the app's page Films, without the page. */
import { gatherFilmData } from '../../../src/features/films/results/film-data';
import { aboutFilm, toFilmFrame } from '../../../src/features/films/results/output';
import { personFinder, spansOf } from '../../../src/features/films/results/people';
import { summarise } from '../../../src/features/films/results/summary';
import { openFilmStorage, type FilmStorage } from '../../../src/features/films/storage/film-storage';
import type { FrameTracker } from '../../../src/features/films/tracking/frame-tracker';
import { trackFrames } from '../../../src/features/films/tracking/track-frames';
import type { FilmRecord, TrackedFrame } from '../../../src/features/films/types';
import type { Scheme } from '../../../src/engine/types';
import { writeFilm, type FilmFormatId, type FilmSummary } from '../../../src/shared/formats/film';
import { isCutShort } from '../../../src/shared/video/cut-short';
import { FilmError } from '../../../src/shared/video/film-error';
import { openFilm } from '../../../src/shared/video/open-film';
import { engine } from './engine';

const CHUNK_FRAMES = 64;

export interface TrackedFilm {
  readonly summary: FilmSummary;
  readonly method: string;
  /** As the file announces them; null where it does not. */
  readonly announced: number | null;
  /** Whether the end of the file is missing. */
  readonly isCutShort: boolean;
}

export interface TrackSink {
  progress(frames: number, timeMs: number, durationMs: number | null): Promise<void>;
  write(piece: string): Promise<void>;
}

/** @param input holds the film; its results go to the sink piece by piece */
export async function trackFilm(
  input: HTMLInputElement,
  format: FilmFormatId,
  sink: TrackSink,
): Promise<TrackedFilm> {
  const file = input.files?.[0];
  if (!file) throw new Error('track page: no film was given');
  const reader = await openFilm(file, file.name);
  const storage = await openFilmStorage('track');
  const id = crypto.randomUUID();
  try {
    const { width, height, method, durationMs } = reader;
    const stored = { id, name: file.name, width, height } as FilmRecord;
    const used = await readAll(reader, storage, stored, (frame) =>
      sink.progress(frame.index + 1, frame.timeMs, durationMs),
    );
    if (!used) throw new FilmError(`${file.name}: none of its frames can be read`);
    const data = await gatherFilmData(storage.outlines(id));
    const spans = spansOf(data.segments, []);
    const summary = summarise(data, spans, { names: {}, hidden: [] });
    const personOf = personFinder(spans);
    async function* frames() {
      for await (const frame of storage.frames(id)) yield toFilmFrame(frame, personOf);
    }
    const about = aboutFilm({ name: file.name, width, height, ...used }, data, summary);
    for await (const piece of writeFilm(format, about, frames())) await sink.write(piece);
    return { summary, method, announced: await reader.countFrames(), isCutShort: await isCutShort(file) };
  } finally {
    reader.close();
    await storage.remove(id);
  }
}

/** @returns null where the film gave no frame */
async function readAll(
  reader: Awaited<ReturnType<typeof openFilm>>,
  storage: FilmStorage,
  record: FilmRecord,
  onFrame: (frame: TrackedFrame) => Promise<void>,
): Promise<{ scheme: Scheme; usedModel: string } | null> {
  const { manifest } = engine().info;
  const tracker: FrameTracker = {
    async track(makeBitmap, timeMs, isAnew) {
      if (isAnew) await engine().reset();
      const result = await engine().track(await makeBitmap(), timeMs);
      if (!result) throw new Error('track page: the engine dropped a frame');
      return { faces: result.faces, epoch: 0, manifest };
    },
  };
  const { signal } = new AbortController();
  let chunk: TrackedFrame[] = [];
  let count = 0;
  for await (const { frame } of trackFrames({ reader, tracker, before: [], lastTrack: 0, signal })) {
    chunk.push(frame);
    count += 1;
    if (chunk.length < CHUNK_FRAMES) continue;
    await storage.append(record, chunk);
    await onFrame(frame);
    chunk = [];
  }
  if (chunk.length) await storage.append(record, chunk);
  return count ? { scheme: manifest.scheme, usedModel: manifest.id } : null;
}
