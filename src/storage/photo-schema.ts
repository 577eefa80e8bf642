/**
 * The shape of the database `mien-photos`, and how older shapes become it. Corrections go to `results` alone, so a dragged
 * point does not write megabytes.
 */

import type { DBSchema, IDBPDatabase } from 'idb';
import type { NewPhoto, PhotoModel, PhotoResult } from '../photos/types';
import type { Migrations } from './database';

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
export const migrations: Migrations<PhotoSchema> = [
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
