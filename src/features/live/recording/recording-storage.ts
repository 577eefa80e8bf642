/** Recordings in IndexedDB, written second by second, so that what was recorded is there whatever happens to the page. */

import type { DBSchema, IDBPDatabase } from 'idb';
import type { Scheme } from '../../../engine/types';
import { change, naming, openDatabase, type Migrations } from '../../../shared/storage/database';
import { StorageError } from '../../../shared/storage/storage-error';

export interface RecordingRecord {
  readonly id: string;
  /** Ms since 1970. */
  readonly startedMs: number;
  /** MIME type of the video. */
  readonly type: string;
  /** Size of the picture, px. */
  readonly width: number;
  readonly height: number;
  /** Whether the video shows the picture as a mirror would. The points are those of the picture itself. */
  readonly mirrored: boolean;
  /** Id of the model. */
  readonly model: string;
  readonly scheme: Scheme;
  /** Of what is kept so far. */
  readonly durationMs: number;
}

/** About a second of a recording. */
export interface RecordingPart {
  readonly video: Blob;
  /** Frames as JSON, one a line. */
  readonly frames: Blob;
}

export interface RecordingSchema extends DBSchema {
  recordings: { key: string; value: RecordingRecord };
  /** By the recording's id, then their number. */
  parts: { key: [string, number]; value: RecordingPart };
}

const migrations: Migrations<RecordingSchema> = [
  (db) => {
    db.createObjectStore('recordings', { keyPath: 'id' });
    db.createObjectStore('parts');
  },
];

/** What a part comes to when another tab has removed its recording: it must not come back without its beginning. */
export class RecordingRemovedError extends StorageError {
  constructor() {
    super('removed', 'recording: it was removed in another tab');
  }
}

/** @throws StorageError from every call; RecordingRemovedError from `append` of all but the first part. */
export interface RecordingStore {
  /** The newest first. */
  load(): Promise<RecordingRecord[]>;
  /** Adds the part of that number, and says how long the recording has become. */
  append(record: RecordingRecord, index: number, part: RecordingPart): Promise<void>;
  parts(id: string): Promise<RecordingPart[]>;
  remove(id: string): Promise<void>;
}

export const recordingDatabase = { name: 'mien-recordings', migrations };

/** @throws StorageError `unavailable`, `newer`, `full` or `blocked` */
export async function openRecordingStore(name = recordingDatabase.name): Promise<RecordingStore> {
  return createStore(await openDatabase<RecordingSchema>(name, migrations));
}

// An array sorts after every number, so this is all keys that begin with the id.
const partsOf = (id: string) => IDBKeyRange.bound([id], [id, []]);

function createStore(db: IDBPDatabase<RecordingSchema>): RecordingStore {
  return {
    load: () =>
      naming('storage', async () => {
        const records = await db.getAll('recordings');
        return records.sort((one, other) => other.startedMs - one.startedMs);
      }),
    append: (record, index, part) =>
      change(db, 'recording', [
        async (to) => {
          const recordings = to.objectStore('recordings');
          if (index > 0 && (await recordings.getKey(record.id)) === undefined) {
            to.abort();
            throw new RecordingRemovedError();
          }
          await recordings.put(record);
        },
        (to) => to.objectStore('parts').put(part, [record.id, index]),
      ]),
    parts: (id) => naming('recording', () => db.getAll('parts', partsOf(id))),
    remove: (id) =>
      change(db, 'recording', [
        (to) => to.objectStore('recordings').delete(id),
        (to) => to.objectStore('parts').delete(partsOf(id)),
      ]),
  };
}

/** Keeps recordings until the page is closed, where the browser keeps nothing for it. */
export function createMemoryStore(): RecordingStore {
  const kept = new Map<string, { record: RecordingRecord; parts: RecordingPart[] }>();
  return {
    load: async () => [...kept.values()].map(({ record }) => record).reverse(),
    async append(record, index, part) {
      const parts = kept.get(record.id)?.parts ?? [];
      parts[index] = part;
      kept.set(record.id, { record, parts });
    },
    parts: async (id) => kept.get(id)?.parts ?? [],
    remove: async (id) => void kept.delete(id),
  };
}
