/** What storage has of a page's pictures, so that only what changed is written, and the files that it does not have yet. */

import type { Photo } from '../types';
import { lessonKey, schemeKey, type Here } from './left-here';
import type { PhotoStorage } from './photo-storage';
import { savePhoto } from './save-photo';

export interface SavedCopyEvents {
  /** A picture that was added has come to storage with its file. */
  readonly onKept: (id: string) => void;
  /** A picture that was to be written has been removed in another tab. */
  readonly onGone: (photo: Photo) => void;
}

export class SavedCopy {
  readonly #photos = new Map<string, Photo>();
  readonly #files = new Map<string, Blob>();

  constructor(
    private readonly storage: Promise<PhotoStorage>,
    private readonly events: SavedCopyEvents,
  ) {}

  /** Storage has these as they are. */
  adopt(photos: readonly Photo[]): void {
    for (const photo of photos) this.#photos.set(photo.id, photo);
  }

  /** The picture as storage has it; undefined where it does not have it. */
  photo(id: string): Photo | undefined {
    return this.#photos.get(id);
  }

  /** Holds the file of a new picture until storage has it. */
  holdFile(id: string, file: Blob): void {
    this.#files.set(id, file);
  }

  dropFile(id: string): void {
    this.#files.delete(id);
  }

  /** The picture's file; its bytes stay on disk until they are read. @throws StorageError when storage has lost it */
  async file(photo: Photo): Promise<Blob> {
    return this.#files.get(photo.id) ?? (await this.storage).file(photo);
  }

  /** Brings one thing to storage as it is here; what is not here any more is removed there. @throws StorageError */
  async write(key: string, here: Here): Promise<void> {
    const storage = await this.storage;
    if (key.startsWith(lessonKey)) {
      const lesson = here.lessons[key.slice(lessonKey.length)];
      return lesson && storage.putLesson(lesson);
    }
    if (key.startsWith(schemeKey)) {
      const id = key.slice(schemeKey.length);
      const scheme = here.schemes[id];
      return scheme ? storage.putScheme(scheme) : storage.removeScheme(id);
    }
    const photo = here.photos.find(({ id }) => id === key);
    if (photo) return this.#writePhoto(storage, photo, here);
    await storage.remove(key);
    this.#photos.delete(key);
  }

  async #writePhoto(storage: PhotoStorage, photo: Photo, { models, schemes }: Here): Promise<void> {
    const { id } = photo;
    const isThere = await savePhoto(storage, {
      ...{ photo, models, schemes },
      saved: this.#photos.get(id),
      file: this.#files.get(id),
      onSaved: (saved) => {
        this.#photos.set(id, saved);
        if (this.#files.delete(id)) this.events.onKept(id);
      },
    });
    if (isThere) return;
    this.#photos.delete(id);
    this.events.onGone(photo);
  }
}
