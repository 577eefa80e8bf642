/**
 * The shape of the database `mien-photos`, and how older shapes become it. Corrections go to `results` alone, so a dragged
 * point does not write megabytes.
 */

import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { NewPhoto, PhotoModel, PhotoResult } from '../photos/types';

/** A picture as it is kept: all but its file. */
export interface PhotoRecord extends Omit<NewPhoto, 'file'> {
  readonly id: string;
  readonly bytes: number;
  readonly addedMs: number;
}

export interface PhotoSchema extends DBSchema {
  photos: { key: string; value: PhotoRecord };
  /** The picture's file, by the picture's id. */
  files: { key: string; value: Blob };
  /** By the picture's id, then the model's. */
  results: { key: [string, string]; value: PhotoResult & { readonly photo: string } };
  models: { key: string; value: PhotoModel };
}

export type PhotoDatabase = IDBPDatabase<PhotoSchema>;
type Upgrade = IDBPTransaction<PhotoSchema, StoreNames<PhotoSchema>[], 'versionchange'>;

/**
 * Step i takes a database of version i to version i + 1. A step that was released is never changed: browsers out there hold
 * databases it made. It may wait for requests of its transaction and for nothing else, or the transaction ends under it.
 */
export const migrations: readonly ((db: PhotoDatabase, upgrade: Upgrade) => void | Promise<void>)[] = [
  (db) => {
    db.createObjectStore('photos', { keyPath: 'id' });
    db.createObjectStore('files');
    db.createObjectStore('results', { keyPath: ['photo', 'model'] });
    db.createObjectStore('models', { keyPath: 'id' });
  },
  // Version 1 did not know the size of a picture's file, by which the same picture is recognised when it comes again.
  async (_db, upgrade) => {
    const files = upgrade.objectStore('files');
    for await (const cursor of upgrade.objectStore('photos')) {
      const file = await files.get(cursor.key);
      await cursor.update({ ...cursor.value, bytes: file?.size ?? 0 });
    }
  },
];
