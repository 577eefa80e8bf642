/**
 * The shape of the database `mien-photos`, and how older shapes become it. Corrections go to `results` alone, so a dragged
 * point does not write megabytes.
 */

import type { DBSchema, IDBPDatabase } from 'idb';
import type { Lesson, MarkScheme, MarkedFace, NewPhoto, PhotoFace, PhotoModel, PhotoResult } from '../types';
import { currentModelId } from '../../../services/models/former-ids';
import type { Migrations } from '../../../shared/storage/database';

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
  schemes: { key: string; value: MarkScheme };
  lessons: { key: string; value: Lesson };
  /** By the picture's id, then the scheme's. */
  marks: { key: [string, string]; value: MarksRecord };
}

/** What a person marked on one picture with the points of one scheme. */
export interface MarksRecord {
  readonly photo: string;
  readonly scheme: string;
  readonly faces: readonly MarkedFace[];
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
  // Version 2 kept one set of faces for each model, and a flag that a person had changed them.
  async (_db, upgrade) => {
    for await (const cursor of upgrade.objectStore('results'))
      await cursor.update({ photo: cursor.value.photo, ...fromVersion2(cursor.value as never) });
  },
  // Version 3 knew models by ids that have successors. What these see in the pictures is not known yet; corrections stay.
  async (_db, upgrade) => {
    const [results, models] = [upgrade.objectStore('results'), upgrade.objectStore('models')];
    for (const former of await models.getAll()) {
      const id = currentModelId(former.id);
      // Draws the corrections until the successor has processed a picture.
      if (id !== former.id && !(await models.get(id))) await models.put({ ...former, id });
    }
    for await (const cursor of results) {
      const { photo, model, corrected } = cursor.value;
      const successor = currentModelId(model);
      if (successor === model) continue;
      const there = await results.get([photo, successor]);
      // Two sets of corrections of one picture cannot be one; the second stays where it is.
      if (corrected && there?.corrected) continue;
      await cursor.delete();
      if (corrected) await results.put({ photo, model: successor, found: there?.found ?? null, corrected });
    }
  },
  // Version 4 knew no points of a person's own.
  (db) => {
    db.createObjectStore('schemes', { keyPath: 'id' });
    db.createObjectStore('lessons', { keyPath: 'id' });
    db.createObjectStore('marks', { keyPath: ['photo', 'scheme'] });
  },
];

export const photoDatabase = { name: 'mien-photos', migrations };

/** A result as version 2 kept it. */
export interface ResultOfVersion2 {
  readonly model: string;
  readonly faces: readonly PhotoFace[];
  readonly corrected: boolean;
}

/**
 * Corrected faces stay as they are, each with what the network gave for it. What the network had found in the picture as a
 * whole is then unknown, since faces may have been added and deleted by hand; the next pass of the model tells.
 */
export function fromVersion2({ model, faces, corrected }: ResultOfVersion2): PhotoResult {
  return corrected ? { model, found: null, corrected: faces } : { model, found: faces, corrected: null };
}
