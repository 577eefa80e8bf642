/** Pictures and corrections in IndexedDB. Every call is one transaction: it is done whole or leaves everything as it was. */

import type { PhotoModel, PhotoResult } from '../photos/types';
import { change, naming, openDatabase, type Write } from './database';
import { migrations, type PhotoDatabase, type PhotoRecord, type PhotoSchema } from './photo-schema';

export interface KeptPhoto extends PhotoRecord {
  readonly results: Readonly<Record<string, PhotoResult>>;
}

/** All that is kept, without the files. */
export interface KeptPhotos {
  /** In the order they were added. */
  readonly photos: readonly KeptPhoto[];
  readonly models: Readonly<Record<string, PhotoModel>>;
}

/** @throws StorageError from every call, naming the picture. */
export interface PhotoStore {
  load(): Promise<KeptPhotos>;
  add(photo: PhotoRecord, file: Blob): Promise<void>;
  /** Puts a picture's record in the place of the one that is there. */
  putPhoto(photo: PhotoRecord): Promise<void>;
  /** Puts results in the place of those of the same models. @param models all the results speak of */
  putResults(
    photo: PhotoRecord,
    results: readonly PhotoResult[],
    models: readonly PhotoModel[],
  ): Promise<void>;
  /** The picture's file; its bytes stay on disk until they are read. */
  file(photo: PhotoRecord): Promise<Blob>;
  /** Forgets a picture and everything about it; one that is not there is fine. */
  remove(id: string): Promise<void>;
  close(): void;
}

export interface OpenOptions {
  /** Default: `mien-photos`. */
  readonly name?: string;
  /** Called while another tab holds an older version of the database; opening goes on once that tab is closed. */
  readonly onBlocked?: () => void;
}

export type OpenPhotoStore = (options: OpenOptions) => Promise<PhotoStore>;

/** @throws StorageError `unavailable`, `newer` or `full` */
export async function openPhotoStore({
  name = 'mien-photos',
  onBlocked,
}: OpenOptions = {}): Promise<PhotoStore> {
  return createStore(await openDatabase<PhotoSchema>(name, migrations, onBlocked));
}

function createStore(db: PhotoDatabase): PhotoStore {
  let hasAsked = false;

  /** Asks, once there is something to keep, that the browser clears nothing of it by itself when the disk runs full. */
  function askToPersist(): void {
    if (hasAsked) return;
    hasAsked = true;
    // A refusal changes nothing: browsers rarely clear, and some ask the person first.
    globalThis.navigator?.storage?.persist?.().catch(() => {});
  }

  return {
    load: () => naming('storage', () => load(db)),
    add(photo, file) {
      askToPersist();
      return change(db, `picture ${photo.name}`, [
        (to) => to.objectStore('photos').add(photo),
        (to) => to.objectStore('files').add(file, photo.id),
      ]);
    },
    putPhoto: (photo) => change(db, `picture ${photo.name}`, [(to) => to.objectStore('photos').put(photo)]),
    putResults: (photo, results, models) =>
      change(db, `points of ${photo.name}`, [
        ...results.map<Write<PhotoSchema>>(
          (result) => (to) => to.objectStore('results').put({ ...result, photo: photo.id }),
        ),
        ...models.map<Write<PhotoSchema>>((model) => (to) => to.objectStore('models').put(model)),
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
      ]),
    close: () => db.close(),
  };
}

async function load(db: PhotoDatabase): Promise<KeptPhotos> {
  const read = db.transaction(['photos', 'results', 'models']);
  const [photos, results, models] = await Promise.all([
    read.objectStore('photos').getAll(),
    read.objectStore('results').getAll(),
    read.objectStore('models').getAll(),
    read.done,
  ]);
  const byPhoto = new Map<string, Record<string, PhotoResult>>();
  for (const { photo, ...result } of results)
    byPhoto.set(photo, { ...byPhoto.get(photo), [result.model]: result });
  return {
    photos: photos
      .sort((one, other) => one.addedMs - other.addedMs)
      .map((photo) => ({ ...photo, results: byPhoto.get(photo.id) ?? {} })),
    models: Object.fromEntries(models.map((model) => [model.id, model])),
  };
}
