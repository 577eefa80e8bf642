/** Reads one film to its end, or until it is told to stop, and stores what it finds piece by piece. */

import { isCutShort } from '../../shared/video/cut-short';
import { FilmError } from '../../shared/video/film-error';
import { openFilm } from '../../shared/video/open-film';
import type { FilmReader } from '../../shared/video/types';
import { createHostTracker, type FilmHost } from './tracking/host-tracker';
import { trackFrames, WARM_UP_FRAMES } from './tracking/track-frames';
import { CHUNK_FRAMES, type Chunk, type FilmStorage } from './storage/film-storage';
import type { FilmRecord, TrackedFrame } from './types';

/** A piece is stored when it is full, or so old. */
const CHUNK_MS = 2000;

export interface ReadingSite {
  readonly host: FilmHost;
  readonly storage: FilmStorage;
  /** 0..1 */
  readonly smoothing: number;
}

export interface ReadingEvents {
  /** A new frame, stored or not. */
  readonly onFrame: (frame: TrackedFrame) => void;
  /** The film with what a person changed of it meanwhile. */
  readonly withChanges: (film: FilmRecord) => FilmRecord;
  /** The film as it is known or stored from now on. */
  readonly onRecord: (film: FilmRecord) => void;
}

/**
 * @returns the film, wholly read
 * @throws what reading, tracking and storing throw, and the signal's reason; what was found until then is stored
 */
export async function readFilm(
  film: FilmRecord,
  file: Blob,
  { host, storage, smoothing }: ReadingSite,
  signal: AbortSignal,
  { onFrame, withChanges, onRecord }: ReadingEvents,
): Promise<FilmRecord> {
  const reader = await openFilm(file, film.name);
  const tracker = createHostTracker(host, { model: film.model, maxFaces: film.maxFaces, smoothing });
  let record = describe(film, reader);
  let chunk: TrackedFrame[] = [];
  let chunkMs = performance.now();
  const flush = async () => {
    const last = chunk.at(-1);
    if (!last) return;
    const longer = { ...record, done: last.index + 1, doneMs: last.timeMs };
    const stored = chunk;
    chunk = [];
    await storage.append(withChanges(longer), stored);
    record = longer;
    onRecord(record);
    chunkMs = performance.now();
  };
  try {
    onRecord(record);
    const { before, lastTrack } = await lastFrames(storage, film);
    for await (const { frame, manifest } of trackFrames({ reader, tracker, before, lastTrack, signal })) {
      if (!record.scheme) record = { ...record, scheme: manifest.scheme, usedModel: manifest.id };
      if (tracker.lacksGaze && !record.notes.includes(noGaze))
        record = { ...record, notes: [...record.notes, noGaze] };
      chunk.push(frame);
      onFrame(frame);
      if (chunk.length >= CHUNK_FRAMES || performance.now() - chunkMs > CHUNK_MS) await flush();
    }
    await flush();
    if (record.done === 0) throw new FilmError(`${film.name}: none of its frames can be read`);
    return { ...record, notes: [...record.notes, ...(await findMissing(file, reader, record))] };
  } catch (thrown) {
    await flush();
    throw thrown;
  } finally {
    reader.close();
  }
}

const noGaze = 'Where the eyes look was not read in all of it: the network for it could not be used.';

function describe(film: FilmRecord, { width, height, durationMs, method, hasSound }: FilmReader): FilmRecord {
  const slow =
    'This browser cannot decode its frames directly: a video player seeks from one to the next, which is slower.';
  const notes = film.notes.filter((note) => note !== slow);
  return {
    ...film,
    ...{ width, height, durationMs, method, hasSound },
    notes: method === 'seeking' ? [...notes, slow] : notes,
  };
}

/** The last frames that are stored, and the highest track of all. */
async function lastFrames(storage: FilmStorage, { id, done }: FilmRecord) {
  let lastTrack = 0;
  for await (const { tracks } of storage.outlines(id))
    for (const track of tracks) lastTrack = Math.max(lastTrack, track);
  let before: Chunk = [];
  for (let at = done - 1; at >= 0 && before.length < WARM_UP_FRAMES;) {
    const chunk = await storage.chunkAt(id, at);
    if (!chunk.length) break;
    before = [...chunk, ...before];
    at = chunk[0].index - 1;
  }
  return { before: before.slice(-WARM_UP_FRAMES), lastTrack };
}

/** Notes where the file announces more frames than the browser gave, and where its end is missing. */
async function findMissing(file: Blob, reader: FilmReader, { done }: FilmRecord): Promise<string[]> {
  const announced = await reader.countFrames();
  const fewer = `The file announces ${announced} frames; ${done} of them could be decoded and are meant to be shown.`;
  return [
    ...(announced !== null && announced > done ? [fewer] : []),
    ...((await isCutShort(file)) ? [cutShort] : []),
  ];
}

const cutShort =
  'The end of the file is missing, as when a recording or a download was cut short: its last seconds may not be among the frames.';
