/** Pictures and corrections in IndexedDB. Every call is one transaction: it is done whole or leaves everything as it was. */

import type { Lesson, MarkScheme, Photo, PhotoModel, PhotoResult, ResultPatch } from '../types';
import { change, naming, openDatabase, type Write } from '../../../shared/storage/database';
import { askToPersist } from '../../../shared/storage/persist';
import {
  migrations,
  photoDatabase,
  type MarksRecord,
  type PhotoDatabase,
  type PhotoRecord,
  type PhotoSchema,
} from './photo-schema';

export interface KeptPhoto extends PhotoRecord {
  readonly results: Readonly<Record<string, PhotoResult>>;
  readonly marks: Photo['marks'];
}

/** All that is kept, without the files. */
export interface KeptPhotos {
  /** In the order they were added. */
  readonly photos: readonly KeptPhoto[];
  readonly models: Readonly<Record<string, PhotoModel>>;
  readonly schemes: Readonly<Record<string, MarkScheme>>;
  readonly lessons: Readonly<Record<string, Lesson>>;
}

/** @throws StorageError from every call, naming the picture. */
export interface PhotoStorage {
  load(): Promise<KeptPhotos>;
  add(photo: PhotoRecord, file: Blob): Promise<void>;
  /** Replaces a picture's record. @returns false, having written nothing, when the picture is not there: another tab removed it */
  putPhoto(photo: PhotoRecord): Promise<boolean>;
  /**
   * Changes results. What a patch leaves out stays as storage has it: another tab may have written that half meanwhile.
   * @param models all that the results name
   * @returns false, having written nothing, when the picture is not there
   */
  putResults(
    photo: PhotoRecord,
    results: readonly ResultPatch[],
    models: readonly PhotoModel[],
  ): Promise<boolean>;
  /**
   * Replaces what is marked with the points of some schemes.
   * @param schemes all that the marks name
   * @returns false, having written nothing, when the picture is not there
   */
  putMarks(
    photo: PhotoRecord,
    marks: readonly Omit<MarksRecord, 'photo'>[],
    schemes: readonly MarkScheme[],
  ): Promise<boolean>;
  putScheme(scheme: MarkScheme): Promise<void>;
  putLesson(lesson: Lesson): Promise<void>;
  /** Forgets a scheme, all that is marked with it and what was learned of it; one that is not there is fine. */
  removeScheme(id: string): Promise<void>;
  /** The picture's file; its bytes stay on disk until they are read. */
  file(photo: PhotoRecord): Promise<Blob>;
  /** Forgets a picture and everything about it; one that is not there is fine. */
  remove(id: string): Promise<void>;
  /** Forgets everything, also what other tabs added. */
  clear(): Promise<void>;
  close(): void;
}

export interface OpenOptions {
  /** Default: `mien-photos`. */
  readonly name?: string;
  /** Called while another tab holds an older version of the database; opening goes on once that tab is closed. */
  readonly onBlocked?: () => void;
}

export type OpenPhotoStorage = (options: OpenOptions) => Promise<PhotoStorage>;

/** @throws StorageError `unavailable`, `newer` or `full` */
export async function openPhotoStorage({
  name = photoDatabase.name,
  onBlocked,
}: OpenOptions = {}): Promise<PhotoStorage> {
  return createStorage(await openDatabase<PhotoSchema>(name, migrations, onBlocked));
}

function createStorage(db: PhotoDatabase): PhotoStorage {
  return {
    load: () => naming('storage', () => load(db)),
    add: (photo, file) =>
      change(db, `picture ${photo.name}`, [
        (to) => to.objectStore('photos').add(photo),
        (to) => to.objectStore('files').add(file, photo.id),
      ]),
    putPhoto: (photo) =>
      update(db, photo, `picture ${photo.name}`, [(to) => to.objectStore('photos').put(photo)]),
    putResults(photo, results, models) {
      if (results.some(({ corrected }) => corrected)) askToPersist();
      return update(db, photo, `points of ${photo.name}`, [
        ...results.map<Write<PhotoSchema>>((patch) => async (to) => {
          const store = to.objectStore('results');
          const before = await store.get([photo.id, patch.model]);
          return store.put({ found: null, corrected: null, ...before, ...patch, photo: photo.id });
        }),
        ...models.map<Write<PhotoSchema>>((model) => (to) => to.objectStore('models').put(model)),
      ]);
    },
    putMarks(photo, marks, schemes) {
      if (marks.some(({ faces }) => faces.length)) askToPersist();
      return update(db, photo, `marks of ${photo.name}`, [
        ...marks.map<Write<PhotoSchema>>(
          (one) => (to) => to.objectStore('marks').put({ ...one, photo: photo.id }),
        ),
        ...schemes.map<Write<PhotoSchema>>((scheme) => (to) => to.objectStore('schemes').put(scheme)),
      ]);
    },
    putScheme(scheme) {
      if (scheme.points.length) askToPersist();
      return change(db, `points of ${scheme.title}`, [(to) => to.objectStore('schemes').put(scheme)]);
    },
    putLesson(lesson) {
      askToPersist();
      return change(db, 'what was learned', [(to) => to.objectStore('lessons').put(lesson)]);
    },
    removeScheme: (id) =>
      change(db, 'storage', [
        (to) => to.objectStore('schemes').delete(id),
        (to) => to.objectStore('lessons').delete(id),
        async (to) => {
          const marks = to.objectStore('marks');
          const keys = (await marks.getAllKeys()).filter(([, scheme]) => scheme === id);
          return Promise.all(keys.map((key) => marks.delete(key)));
        },
      ]),
    file: (photo) =>
      naming(`picture ${photo.name}`, async () => {
        const file = await db.get('files', photo.id);
        if (!file) throw new Error('its file is not in storage any more');
        return file;
      }),
    remove: (id) =>
      change(db, 'storage', [
        (to) => to.objectStore('photos').delete(id),
        (to) => to.objectStore('files').delete(id),
        // An array sorts after every text, so this is all keys that begin with the picture's id.
        (to) => to.objectStore('results').delete(IDBKeyRange.bound([id], [id, []])),
        (to) => to.objectStore('marks').delete(IDBKeyRange.bound([id], [id, []])),
      ]),
    clear: () =>
      change(
        db,
        'storage',
        [...db.objectStoreNames].map((name) => (to) => to.objectStore(name).clear()),
      ),
    close: () => db.close(),
  };
}

/** Writes about a picture that is there, checked in the same transaction: what another tab removed does not come back. */
async function update(
  db: PhotoDatabase,
  photo: PhotoRecord,
  subject: string,
  writes: readonly Write<PhotoSchema>[],
): Promise<boolean> {
  let isHere = false;
  await change(db, subject, [
    async (to) => {
      isHere = (await to.objectStore('photos').getKey(photo.id)) !== undefined;
      if (!isHere) return;
      const requests: Promise<unknown>[] = [];
      try {
        for (const write of writes) requests.push(write(to));
        await Promise.all(requests);
      } catch (thrown) {
        // What cannot be stored at all fails before it is a request; those made beside it would be carried out.
        abort(to);
        await Promise.allSettled(requests);
        throw thrown;
      }
    },
  ]);
  return isHere;
}

/** A transaction that failed has ended by itself. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It had ended.
  }
}

async function load(db: PhotoDatabase): Promise<KeptPhotos> {
  const read = db.transaction(['photos', 'results', 'models', 'schemes', 'marks', 'lessons']);
  const [photos, results, models, schemes, marks, lessons] = await Promise.all([
    read.objectStore('photos').getAll(),
    read.objectStore('results').getAll(),
    read.objectStore('models').getAll(),
    read.objectStore('schemes').getAll(),
    read.objectStore('marks').getAll(),
    read.objectStore('lessons').getAll(),
    read.done,
  ]);
  const byPhoto = new Map<string, Record<string, PhotoResult>>();
  for (const { photo, ...result } of results)
    byPhoto.set(photo, { ...byPhoto.get(photo), [result.model]: result });
  const marksOf = new Map<string, Photo['marks']>();
  for (const { photo, scheme, faces } of marks)
    marksOf.set(photo, { ...marksOf.get(photo), [scheme]: faces });
  return {
    photos: photos
      .sort((one, other) => one.addedMs - other.addedMs)
      .map((photo) => ({
        ...photo,
        results: byPhoto.get(photo.id) ?? {},
        marks: marksOf.get(photo.id) ?? {},
      })),
    models: Object.fromEntries(models.map((model) => [model.id, model])),
    schemes: Object.fromEntries(schemes.map((scheme) => [scheme.id, scheme])),
    lessons: Object.fromEntries(lessons.map((lesson) => [lesson.id, lesson])),
  };
}
