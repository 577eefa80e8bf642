/** Pictures and corrections in IndexedDB. Every call is one transaction: it is done whole or leaves everything as it was. */

import { openDB, type IDBPTransaction, type StoreNames } from 'idb';
import type { PhotoModel, PhotoResult } from '../photos/types';
import { migrations, type PhotoDatabase, type PhotoRecord, type PhotoSchema } from './photo-schema';
import { StorageError, toStorageError } from './storage-error';

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
export async function openPhotoStore(options: OpenOptions = {}): Promise<PhotoStore> {
  const { name = 'mien-photos', onBlocked } = options;
  let broken: unknown = null;
  try {
    const db: PhotoDatabase = await openDB<PhotoSchema>(name, migrations.length, {
      async upgrade(opened, oldVersion, _newVersion, upgrade) {
        try {
          for (const migrate of migrations.slice(oldVersion)) await migrate(opened, upgrade);
        } catch (reason) {
          // Otherwise the half that was done would stay; so the older database does.
          broken = reason;
          upgrade.done.catch(() => {});
          upgrade.abort();
        }
      },
      blocked: () => onBlocked?.(),
      // A newer version in another tab must not wait for this one; from here on, calls fail as `closed`.
      blocking: () => db.close(),
    });
    return createStore(db);
  } catch (thrown) {
    const { problem, message } = toStorageError(broken ?? thrown, 'storage');
    const known = problem === 'newer' || problem === 'full';
    throw new StorageError(known ? problem : 'unavailable', message, { cause: thrown });
  }
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
        ...results.map<Write>(
          (result) => (to) => to.objectStore('results').put({ ...result, photo: photo.id }),
        ),
        ...models.map<Write>((model) => (to) => to.objectStore('models').put(model)),
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

type Write = (to: IDBPTransaction<PhotoSchema, StoreNames<PhotoSchema>[], 'readwrite'>) => Promise<unknown>;

/** One transaction of writes: all of them, or none and the reason why. */
function change(db: PhotoDatabase, subject: string, writes: readonly Write[]): Promise<void> {
  return naming(subject, async () => {
    const transaction = db.transaction([...db.objectStoreNames], 'readwrite');
    const requests: Promise<unknown>[] = [transaction.done];
    try {
      for (const write of writes) requests.push(write(transaction));
    } catch (thrown) {
      // What cannot be stored at all throws at once; the requests made before it would be carried out.
      transaction.abort();
      await Promise.allSettled(requests);
      throw thrown;
    }
    const reasons = (await Promise.allSettled(requests)).flatMap((end) =>
      end.status === 'rejected' ? [end.reason as unknown] : [],
    );
    // One request's failure aborts all others, whose own errors say no more than that.
    const isCause = (reason: unknown) => !(reason instanceof Error && reason.name === 'AbortError');
    if (reasons.length) throw transaction.error ?? reasons.find(isCause) ?? reasons[0];
  });
}

/** Runs a transaction; what goes wrong in it is told as a `StorageError` of the subject. */
async function naming<T>(subject: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw toStorageError(thrown, subject);
  }
}
