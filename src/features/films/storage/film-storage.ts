/** Films in IndexedDB: what is known of them, their frames piece by piece as they are read, and their files. */

import type { DBSchema, IDBPDatabase } from 'idb';
import { change, naming, openDatabase, type Migrations } from '../../../shared/storage/database';
import type { FilmRecord, TrackedFrame } from '../types';

/** Frames that follow each other. */
export type Chunk = readonly TrackedFrame[];

export interface FilmSchema extends DBSchema {
  films: { key: string; value: FilmRecord };
  /** By the film's id, then the index of their first frame. */
  chunks: { key: [string, number]; value: Chunk };
  files: { key: string; value: Blob };
}

const migrations: Migrations<FilmSchema> = [
  (db) => {
    db.createObjectStore('films', { keyPath: 'id' });
    db.createObjectStore('chunks');
    db.createObjectStore('files');
  },
];

/** @throws StorageError from every call. */
export interface FilmStorage {
  /** The oldest first. */
  load(): Promise<FilmRecord[]>;
  put(record: FilmRecord): Promise<void>;
  /** Keeps the file of the film. */
  putFile(record: FilmRecord, file: Blob): Promise<void>;
  file(id: string): Promise<Blob | null>;
  /** Adds frames, and says how far the film has been read. */
  append(record: FilmRecord, chunk: Chunk): Promise<void>;
  /** All frames in order, a chunk at a time. */
  frames(id: string): AsyncGenerator<TrackedFrame>;
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
  const put = (record: FilmRecord) =>
    change(db, `film ${record.name}`, [(to) => to.objectStore('films').put(record)]);
  return {
    load: () =>
      naming('storage', async () => {
        const records = await db.getAll('films');
        return records.sort((one, other) => one.addedMs - other.addedMs || (one.id < other.id ? -1 : 1));
      }),
    put,
    putFile: (record, file) =>
      change(db, `film ${record.name}`, [
        (to) => to.objectStore('films').put(record),
        (to) => to.objectStore('files').put(file, record.id),
      ]),
    file: (id) => naming('film', async () => (await db.get('files', id)) ?? null),
    append: (record, chunk) =>
      change(db, `film ${record.name}`, [
        (to) => to.objectStore('films').put(record),
        (to) => to.objectStore('chunks').put(chunk, [record.id, chunk[0].index]),
      ]),
    async *frames(id) {
      const keys = await naming('film', () => db.getAllKeys('chunks', chunksOf(id)));
      for (const key of keys) yield* (await naming('film', () => db.get('chunks', key))) ?? [];
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
        (to) => to.objectStore('files').delete(id),
      ]),
  };
}

/** Keeps films until the page is closed, where the browser keeps nothing for it. */
export function createMemoryStorage(): FilmStorage {
  const records = new Map<string, FilmRecord>();
  const frames = new Map<string, TrackedFrame[]>();
  const files = new Map<string, Blob>();
  const put = async (record: FilmRecord) => void records.set(record.id, record);
  return {
    load: async () => [...records.values()],
    put,
    async putFile(record, file) {
      await put(record);
      files.set(record.id, file);
    },
    file: async (id) => files.get(id) ?? null,
    async append(record, chunk) {
      await put(record);
      frames.set(record.id, [...(frames.get(record.id) ?? []), ...chunk]);
    },
    async *frames(id) {
      yield* frames.get(id) ?? [];
    },
    chunkAt: async (id, frame) => (frames.get(id) ?? []).slice(0, frame + 1).slice(-1),
    async remove(id) {
      for (const kept of [records, frames, files]) kept.delete(id);
    },
  };
}
