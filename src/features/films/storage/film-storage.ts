/** Films in IndexedDB: what is known of them, their frames piece by piece as they are read, and their files. */

import type { DBSchema, IDBPDatabase } from 'idb';
import { change, naming, openDatabase, type Migrations, type Write } from '../../../shared/storage/database';
import { StorageError } from '../../../shared/storage/storage-error';
import { outlineOf, type Outline } from '../results/outline';
import { saidOfPeople } from '../said-of-people';
import type { FilmRecord, TrackedFrame } from '../types';

/** Frames that follow each other. */
export type Chunk = readonly TrackedFrame[];

/** A chunk has no more frames. */
export const CHUNK_FRAMES = 64;

export interface FilmSchema extends DBSchema {
  films: { key: string; value: FilmRecord };
  /** By the film's id, then the index of their first frame. */
  chunks: { key: [string, number]; value: Chunk };
  files: { key: string; value: Blob };
  /** Of chunks, by their keys. */
  outlines: { key: [string, number]; value: Outline };
}

const migrations: Migrations<FilmSchema> = [
  (db) => {
    db.createObjectStore('films', { keyPath: 'id' });
    db.createObjectStore('chunks');
    db.createObjectStore('files');
  },
  (db) => {
    db.createObjectStore('outlines');
  },
];

/** What a write comes to when another tab has removed the film: it must not come back in part. */
export class FilmRemovedError extends StorageError {
  constructor(film: string) {
    super('failed', `${film}: it was removed in another tab`);
  }
}

/** @throws StorageError from every call; FilmRemovedError from `put` and `append` of a film of which something was read */
export interface FilmStorage {
  /** The oldest first. */
  load(): Promise<FilmRecord[]>;
  /** @param ofPeople whether names, edits and who is hidden are to be written too: otherwise those that are stored stay, which another tab may have changed */
  put(record: FilmRecord, ofPeople?: boolean): Promise<void>;
  /** Keeps the file of the film. */
  putFile(record: FilmRecord, file: Blob): Promise<void>;
  file(id: string): Promise<Blob | null>;
  /** Adds frames, and says how far the film has been read; what is stored of its people stays. */
  append(record: FilmRecord, chunk: Chunk): Promise<void>;
  /** All frames in order, a chunk at a time. */
  frames(id: string): AsyncGenerator<TrackedFrame>;
  /**
   * All frames in order without their points, which takes a small part of the time. Those that are missing, of films from before
   * there were any, are made and kept.
   */
  outlines(id: string): AsyncGenerator<Outline>;
  /** The chunk with this frame, or an empty one. */
  chunkAt(id: string, frame: number): Promise<Chunk>;
  remove(id: string): Promise<void>;
}

// An array sorts after every number, so this is all keys that begin with the id.
const chunksOf = (id: string) => IDBKeyRange.bound([id], [id, []]);

export const filmDatabase = { name: 'mien-films', migrations };

/** @throws StorageError `unavailable`, `newer`, `full` or `blocked` */
export async function openFilmStorage(name = filmDatabase.name): Promise<FilmStorage> {
  return createStorage(await openDatabase<FilmSchema>(name, migrations));
}

function createStorage(db: IDBPDatabase<FilmSchema>): FilmStorage {
  const put = (record: FilmRecord, ofPeople = true) =>
    change(db, `film ${record.name}`, [putRecord(record, ofPeople)]);
  return {
    load: () =>
      naming('storage', async () => {
        const records = await db.getAll('films');
        return records.sort((one, other) => one.addedMs - other.addedMs || (one.id < other.id ? -1 : 1));
      }),
    put,
    putFile: (record, file) =>
      change(db, `film ${record.name}`, [
        putRecord(record, false),
        (to) => to.objectStore('files').put(file, record.id),
      ]),
    file: (id) => naming('film', async () => (await db.get('files', id)) ?? null),
    append: (record, chunk) =>
      change(db, `film ${record.name}`, [
        putRecord(record, false, chunk[0].index),
        (to) => to.objectStore('chunks').put(chunk, [record.id, chunk[0].index]),
        (to) => to.objectStore('outlines').put(outlineOf(chunk), [record.id, chunk[0].index]),
      ]),
    async *frames(id) {
      const keys = await naming('film', () => db.getAllKeys('chunks', chunksOf(id)));
      for (const key of keys) yield* (await naming('film', () => db.get('chunks', key))) ?? [];
    },
    async *outlines(id) {
      const [keys, knownKeys, known] = await naming('film', () => {
        const read = db.transaction(['chunks', 'outlines']);
        const outlines = read.objectStore('outlines');
        return Promise.all([
          read.objectStore('chunks').getAllKeys(chunksOf(id)),
          outlines.getAllKeys(chunksOf(id)),
          outlines.getAll(chunksOf(id)),
        ]);
      });
      const byFrame = new Map(knownKeys.map(([, first], i) => [first, known[i]]));
      for (const key of keys) {
        const outline = byFrame.get(key[1]) ?? (await naming('film', () => makeOutline(db, key)));
        if (outline) yield outline;
      }
    },
    chunkAt: (id, frame) =>
      naming('film', async () => {
        const range = IDBKeyRange.bound([id, 0], [id, frame]);
        const cursor = await db.transaction('chunks').store.openCursor(range, 'prev');
        return cursor?.value ?? [];
      }),
    remove: (id) =>
      change(db, 'film', [
        (to) => to.objectStore('films').delete(id),
        (to) => to.objectStore('chunks').delete(chunksOf(id)),
        (to) => to.objectStore('outlines').delete(chunksOf(id)),
        (to) => to.objectStore('files').delete(id),
      ]),
  };
}

/** @param doneBefore frames that are stored already: then its record has to be there */
function putRecord(record: FilmRecord, ofPeople: boolean, doneBefore = record.done): Write<FilmSchema> {
  return async (to) => {
    const films = to.objectStore('films');
    const stored = await films.get(record.id);
    if (doneBefore > 0 && !stored) {
      to.abort();
      throw new FilmRemovedError(record.name);
    }
    await films.put(merged(record, stored, ofPeople));
  };
}

/**
 * The record, which may have been changed from what it was before the last frames were stored, with all that is read of the film, and
 * with the people as they are stored where it is not about them.
 */
function merged(record: FilmRecord, stored: FilmRecord | undefined, ofPeople: boolean): FilmRecord {
  if (!stored) return record;
  const { done, doneMs, usedModel, scheme } = stored;
  return {
    ...record,
    ...(done > record.done && { done, doneMs, usedModel, scheme }),
    ...(!ofPeople && saidOfPeople(stored)),
  };
}

/** @returns null where the chunk is gone */
async function makeOutline(db: IDBPDatabase<FilmSchema>, key: [string, number]): Promise<Outline | null> {
  const chunk = await db.get('chunks', key);
  if (!chunk) return null;
  const outline = outlineOf(chunk);
  // In one transaction, so that none is left of a film that is removed meanwhile. Without room for it, it is made again next time.
  const keeping = db.transaction(['chunks', 'outlines'], 'readwrite');
  const keep = async () => {
    if (await keeping.objectStore('chunks').getKey(key))
      await keeping.objectStore('outlines').put(outline, key);
  };
  await Promise.all([keep(), keeping.done]).catch(() => undefined);
  return outline;
}

/** Keeps films until the page is closed, where the browser keeps nothing for it. */
export function createMemoryStorage(): FilmStorage {
  const records = new Map<string, FilmRecord>();
  const frames = new Map<string, TrackedFrame[]>();
  const files = new Map<string, Blob>();
  const put = async (record: FilmRecord, ofPeople = true) =>
    void records.set(record.id, merged(record, records.get(record.id), ofPeople));
  return {
    load: async () => [...records.values()],
    put,
    async putFile(record, file) {
      await put(record, false);
      files.set(record.id, file);
    },
    file: async (id) => files.get(id) ?? null,
    async append(record, chunk) {
      await put(record, false);
      frames.set(record.id, [...(frames.get(record.id) ?? []), ...chunk]);
    },
    async *frames(id) {
      yield* frames.get(id) ?? [];
    },
    async *outlines(id) {
      const all = frames.get(id);
      if (all) yield outlineOf(all);
    },
    chunkAt: async (id, frame) => (frames.get(id) ?? []).slice(0, frame + 1).slice(-1),
    async remove(id) {
      for (const kept of [records, frames, files]) kept.delete(id);
    },
  };
}
