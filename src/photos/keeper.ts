/** Takes what is on the shelf to storage and back, behind the person's back. */

import type { PhotoRecord } from '../storage/photo-schema';
import { openPhotoStore, type KeptPhotos, type OpenPhotoStore, type PhotoStore } from '../storage/photos';
import { toStorageError, type StorageError } from '../storage/storage-error';
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
  }

  /** All that is kept; null where that cannot be known, of which the shelf is told. */
  async load(): Promise<KeptPhotos | null> {
    try {
      const kept = await (await this.#store).load();
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

function toRecord(photo: Photo): PhotoRecord {
  const { id, name, folder, type, bytes, width, height, addedMs, thumbnail, truth } = photo;
  return { id, name, folder, type, bytes, width, height, addedMs, thumbnail, truth };
}
