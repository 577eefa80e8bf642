/**
 * The pictures a person has taken in. In memory are names, thumbnails and points; files stay on disk. What changes is on its
 * way to storage at once, and a picture that finds no room there still serves until the page is left.
 */

import type { OpenPhotoStore } from '../storage/photos';
import { PhotoKeeper, type StorageState } from './keeper';
import type { NewPhoto, Photo, PhotoModel, PhotoResult } from './types';

export class PhotoShelf {
  /** In the order they were added. */
  photos = $state.raw<readonly Photo[]>([]);
  /** All that have looked at a picture, by their id. */
  models = $state.raw<Readonly<Record<string, PhotoModel>>>({});
  storage = $state.raw<StorageState>({ kind: 'opening' });

  readonly #keeper: PhotoKeeper;

  constructor(openStore?: OpenPhotoStore) {
    this.#keeper = new PhotoKeeper(this, openStore);
  }

  /** Fetches what is kept. Settles in any case; whether it could be done is told by `storage`. */
  async open(): Promise<void> {
    const kept = await this.#keeper.load();
    if (!kept) return;
    const photos = kept.photos.map<Photo>((photo) => {
      const isSeen = Object.keys(photo.results).length > 0;
      return { ...photo, work: { kind: isSeen ? 'done' : 'waiting' }, isKept: true };
    });
    for (const photo of photos) this.#keeper.know(photo);
    this.models = { ...kept.models, ...this.models };
    this.photos = [...photos, ...this.photos];
  }

  find(id: string): Photo | undefined {
    return this.photos.find((photo) => photo.id === id);
  }

  /** @throws when there is no such picture */
  get(id: string): Photo {
    const photo = this.find(id);
    if (!photo) throw new Error(`picture ${id}: is not here any more`);
    return photo;
  }

  /** The picture of the same folder, name and size of file, if it is here already. */
  findSame(folder: string, name: string, bytes: number): Photo | undefined {
    return this.photos.find(
      (photo) => photo.folder === folder && photo.name === name && photo.bytes === bytes,
    );
  }

  add({ file, ...photo }: NewPhoto): Photo {
    const id = crypto.randomUUID();
    // Times differ, so that pictures keep the order they came in.
    const addedMs = Math.max(Date.now(), 1 + (this.photos.at(-1)?.addedMs ?? 0));
    const work = { kind: 'waiting' } as const;
    const added = { ...photo, id, bytes: file.size, addedMs, work, results: {}, isKept: false };
    this.photos = [...this.photos, added];
    this.#keeper.add(id, file);
    return added;
  }

  /** Changes a picture; one that was removed meanwhile stays so. */
  change(id: string, patch: Partial<Pick<Photo, 'work' | 'truth'>>): void {
    this.#replace(id, patch);
    if ('truth' in patch) this.#keeper.touch(id);
  }

  /** Remembers what there is to know of a model, in the place of what was known before. */
  learn(model: PhotoModel): void {
    this.models = { ...this.models, [model.id]: model };
  }

  /** Puts a result in the place of the one of the same model. @throws when that model is not among `models` */
  setResult(id: string, result: PhotoResult): void {
    if (!(result.model in this.models)) throw new Error(`model ${result.model}: nothing is known of it`);
    const photo = this.find(id);
    if (!photo) return;
    this.#replace(id, { results: { ...photo.results, [result.model]: result } });
    this.#keeper.touch(id);
  }

  remove(ids: readonly string[]): void {
    this.photos = this.photos.filter(({ id }) => !ids.includes(id));
    ids.forEach((id) => this.#keeper.touch(id));
    // What found no room before may find it now.
    this.#keeper.retry();
  }

  /** The picture's file; its bytes stay on disk until they are read. @throws StorageError when storage has lost it */
  file(id: string): Promise<Blob> {
    return this.#keeper.file(this.get(id));
  }

  /** Tries again to store what could not be. */
  retry(): void {
    this.#keeper.retry();
  }

  /** Resolves once everything is in storage, or has failed to get there. */
  settled(): Promise<void> {
    return this.#keeper.settled();
  }

  onKept(id: string): void {
    this.#replace(id, { isKept: true });
  }

  onStorage(state: StorageState): void {
    this.storage = state;
  }

  #replace(id: string, patch: Partial<Photo>): void {
    this.photos = this.photos.map((photo) => (photo.id === id ? { ...photo, ...patch } : photo));
  }
}
