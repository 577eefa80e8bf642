/** Takes what is on the shelf to storage and back, behind the person's back. */

import type { PhotoRecord } from '../storage/photo-schema';
import { openPhotoStore, type KeptPhotos, type OpenPhotoStore, type PhotoStore } from '../storage/photos';
import { toStorageError, type StorageError } from '../storage/storage-error';
import { forgetLeft, leave, leftNames, readLeft, type Unsaved } from '../storage/unsaved';
import { createWriteBehind, type WriteBehind } from '../storage/write-behind';
import type { Photo, PhotoModel } from './types';

export type StorageState =
  | { readonly kind: 'opening' }
  /** Another tab holds an older version of the database. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'ready' }
  /** So many pictures are not in storage as they stand here; what was kept before is. */
  | { readonly kind: 'failed'; readonly error: StorageError; readonly unsavedCount: number };

/** Where the keeper looks up the newest state, and whom it tells. */
export interface Shelf {
  find(id: string): Photo | undefined;
  readonly models: Readonly<Record<string, PhotoModel>>;
  onKept(id: string): void;
  onStorage(state: StorageState): void;
}

export class PhotoKeeper {
  /** Files that are not in storage yet. */
  readonly #files = new Map<string, Blob>();
  /** Each picture as it was last written. */
  readonly #written = new Map<string, Photo>();
  readonly #store: Promise<PhotoStore>;
  readonly #behind: WriteBehind<string>;

  constructor(
    private readonly shelf: Shelf,
    openStore: OpenPhotoStore = openPhotoStore,
  ) {
    this.#store = openStore({ onBlocked: () => shelf.onStorage({ kind: 'blocked' }) });
    this.#behind = createWriteBehind((id) => this.#write(id), this.#tell);
    globalThis.addEventListener?.('pagehide', () => this.#leave());
  }

  /** All that is kept; null where that cannot be known, of which the shelf is told. */
  async load(): Promise<KeptPhotos | null> {
    try {
      const store = await this.#store;
      await carryOver(store);
      const kept = await store.load();
      this.#tell(0, null);
      return kept;
    } catch (thrown) {
      this.#tell(0, thrown);
      return null;
    }
  }

  /** Says that this is how storage has the picture. */
  know(photo: Photo): void {
    this.#written.set(photo.id, photo);
  }

  add(id: string, file: Blob): void {
    this.#files.set(id, file);
    this.#behind.touch(id);
  }

  /** Says that a picture has changed, or is gone from the shelf. */
  touch(id: string): void {
    const photo = this.shelf.find(id);
    if (!photo) this.#files.delete(id);
    // A large file that found no room is not sent to look for it again with every moved point.
    const isStuck = photo && !photo.isKept && this.#behind.hasFailed(id);
    if (!isStuck) this.#behind.touch(id);
  }

  /** @throws StorageError when storage has lost it */
  async file(photo: Photo): Promise<Blob> {
    return this.#files.get(photo.id) ?? (await this.#store).file(photo);
  }

  /** Tries again to store what could not be. */
  retry(): void {
    this.#behind.retry();
  }

  /** Resolves once everything is in storage, or has failed to get there. */
  settled(): Promise<void> {
    return this.#behind.settled();
  }

  /** Leaves to the next visit what storage has no time to take. */
  #leave(): void {
    const pending = this.#behind.pending();
    if (pending.length === 0) return;
    const photos = pending.flatMap((id) => this.shelf.find(id) ?? []);
    const results = photos.flatMap((photo) =>
      Object.values(photo.results)
        .filter((result) => result !== this.#written.get(photo.id)?.results[result.model])
        .map((result) => ({ photo: photo.id, result })),
    );
    const models = new Set(results.map(({ result }) => this.shelf.models[result.model]));
    const name = leave({
      removed: pending.filter((id) => !this.shelf.find(id)),
      results,
      models: [...models],
    });
    // A page that comes back writes it itself, and then more.
    globalThis.addEventListener('pageshow', () => forgetLeft(name), { once: true });
  }

  async #write(id: string): Promise<void> {
    const store = await this.#store;
    const photo = this.shelf.find(id);
    if (!photo) {
      await store.remove(id);
      this.#written.delete(id);
      return;
    }
    const written = await this.#writePhoto(store, photo);
    const results = Object.values(photo.results).filter((result) => result !== written[result.model]);
    if (results.length === 0) return;
    const models = results.map(({ model }) => this.shelf.models[model]);
    await store.putResults(photo, results, models);
    this.know(photo);
  }

  /** Writes all but the results. @returns the results that are in storage */
  async #writePhoto(store: PhotoStore, photo: Photo): Promise<Photo['results']> {
    const written = this.#written.get(photo.id);
    if (written?.truth === photo.truth) return written.results;
    const file = this.#files.get(photo.id);
    if (file) {
      await store.add(toRecord(photo), file);
      this.#files.delete(photo.id);
      this.shelf.onKept(photo.id);
    } else {
      await store.putPhoto(toRecord(photo));
    }
    const results = written?.results ?? {};
    this.know({ ...photo, results });
    return results;
  }

  readonly #tell = (unsavedCount: number, reason: unknown): void => {
    const error = reason === null ? null : toStorageError(reason, 'storage');
    this.shelf.onStorage(error ? { kind: 'failed', error, unsavedCount } : { kind: 'ready' });
  };
}

/** Stores what closed pages left. @throws StorageError, and then it stays for the next time */
async function carryOver(store: PhotoStore): Promise<void> {
  for (const name of leftNames()) {
    const left = readLeft(name);
    if (left) await carry(store, left);
    forgetLeft(name);
  }
}

async function carry(store: PhotoStore, { removed, results, models }: Unsaved): Promise<void> {
  const { photos } = await store.load();
  for (const { photo, result } of results) {
    // A picture whose file did not arrive is not there.
    const record = photos.find(({ id }) => id === photo);
    if (record) await store.putResults(record, [result], models);
  }
  for (const id of removed) await store.remove(id);
}

function toRecord(photo: Photo): PhotoRecord {
  const { id, name, folder, type, bytes, width, height, addedMs, thumbnail, truth } = photo;
  return { id, name, folder, type, bytes, width, height, addedMs, thumbnail, truth };
}
