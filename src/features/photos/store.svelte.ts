/**
 * The pictures a person has added, with their results, and their way to storage and back. In memory are names, thumbnails
 * and points; files stay on disk. Changes are saved at once, and a picture that finds no room still serves until the page is
 * closed.
 */

import { toStorageError, type StorageError } from '../../shared/storage/storage-error';
import { createAutosave, type Autosave } from './storage/autosave';
import { toPhoto, withStored, workOf } from './storage/from-storage';
import { Handover } from './storage/handover';
import { besidePhotos, leftOf, lessonKey, schemeKey } from './storage/left-here';
import { openPhotoStorage, type OpenPhotoStorage, type PhotoStorage } from './storage/photo-storage';
import { SavedCopy } from './storage/saved-copy';
import { applyUnsaved } from './storage/unsaved';
import type { Lesson, MarkScheme, MarkedFace, NewPhoto, Photo, PhotoModel, PhotoResult } from './types';

export type StorageState =
  | { readonly kind: 'opening' }
  /** Another tab holds an older version of the database. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'ready' }
  /** So many pictures are not in storage as they are here; what was saved before is. */
  | { readonly kind: 'failed'; readonly error: StorageError; readonly unsavedCount: number };

/** What storage does not have, or not as it is here. */
export interface UnsavedHere {
  /** With their files; null where storage has lost that. */
  readonly photos: readonly { readonly photo: Photo; readonly file: Blob | null }[];
  readonly models: readonly PhotoModel[];
  readonly schemes: readonly MarkScheme[];
  readonly lessons: readonly Lesson[];
}

export class PhotoStore {
  /** In the order they were added. */
  photos = $state.raw<readonly Photo[]>([]);
  /** All that have processed a picture, by their id. */
  models = $state.raw<Readonly<Record<string, PhotoModel>>>({});
  /** Points that a person named, by their id. */
  schemes = $state.raw<Readonly<Record<string, MarkScheme>>>({});
  /** What was learned, by the scheme's id. */
  lessons = $state.raw<Readonly<Record<string, Lesson>>>({});
  storage = $state.raw<StorageState>({ kind: 'opening' });
  /** Hears of a picture that turned out to be removed in another tab, and is gone here too. */
  onRemovedElsewhere: (photo: Photo) => void = () => {};

  readonly #handover = new Handover();
  readonly #storage: Promise<PhotoStorage>;
  readonly #copy: SavedCopy;
  readonly #autosave: Autosave<string>;

  constructor(openStorage: OpenPhotoStorage = openPhotoStorage) {
    this.#storage = openStorage({ onBlocked: () => (this.storage = { kind: 'blocked' }) });
    this.#copy = new SavedCopy(this.#storage, {
      onKept: (id) => this.#replace(id, { isKept: true }),
      onGone: (photo) => this.#dropRemoved(photo),
    });
    this.#autosave = createAutosave((key) => this.#copy.write(key, this), this.#tell);
    globalThis.addEventListener?.('pagehide', () => this.#leave());
    // Room may have been made in another tab.
    globalThis.document?.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.retry();
    });
  }

  /** Fetches what was saved. Settles in any case; whether it succeeded is told by `storage`. */
  async open(): Promise<void> {
    try {
      const storage = await this.#storage;
      const { photos, models, schemes, lessons } = await storage.load();
      const kept = photos.map(toPhoto);
      this.#copy.adopt(kept);
      this.models = { ...models, ...this.models };
      this.schemes = { ...schemes, ...this.schemes };
      this.lessons = { ...lessons, ...this.lessons };
      this.#tell(0, null);
      const left = this.#takeOver(kept);
      // What closed pages left is saved now, or stays with them where it finds no room.
      if (left.length) await this.#autosave.settled();
      this.#forgetLeft();
    } catch (thrown) {
      this.#tell(0, thrown);
    }
  }

  /** Shows the pictures as closed pages last had them. @returns the ids that storage has otherwise */
  #takeOver(kept: readonly Photo[]): readonly string[] {
    let photos = kept;
    for (const unsaved of this.#handover.take()) {
      photos = applyUnsaved(photos, unsaved);
      for (const model of unsaved.models) this.learn(model);
      for (const scheme of unsaved.schemes) this.putScheme(scheme);
      for (const lesson of unsaved.lessons ?? []) this.#takeLesson(lesson);
      for (const id of unsaved.removedSchemes) this.removeScheme(id);
    }
    const shown = photos.map<Photo>((photo) => ({ ...photo, work: workOf(photo) }));
    this.photos = [...shown, ...this.photos];
    const ids = photos.map(({ id }) => id);
    const isRemoved = ({ id }: Photo) => !ids.includes(id);
    const isChanged = ({ id, results, marks }: Photo) => {
      const saved = this.#copy.photo(id);
      return results !== saved?.results || marks !== saved.marks;
    };
    const left = [...kept.filter(isRemoved), ...photos.filter(isChanged)].map(({ id }) => id);
    // Removals first: they make room.
    for (const id of left) this.#autosave.touch(id);
    return left;
  }

  /** Another tab may have learned since. */
  #takeLesson(lesson: Lesson): void {
    if (!(this.lessons[lesson.id]?.atMs >= lesson.atMs)) this.setLesson(lesson);
  }

  /** What closed pages left is in storage, or this page has it and leaves it in its turn. */
  #forgetLeft(): void {
    if (this.#autosave.unwritten().length === 0) this.#handover.forgetTaken();
  }

  find(id: string): Photo | undefined {
    return this.photos.find((photo) => photo.id === id);
  }

  /** @throws when there is no such picture */
  get(id: string): Photo {
    const photo = this.find(id);
    if (!photo) throw new Error('This picture has been removed.');
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
    const added = { ...photo, id, bytes: file.size, addedMs, work, results: {}, marks: {}, isKept: false };
    this.photos = [...this.photos, added];
    this.#copy.holdFile(id, file);
    this.#autosave.touch(id);
    return added;
  }

  /** Changes a picture; one that was removed meanwhile stays so. */
  change(id: string, patch: Partial<Pick<Photo, 'work' | 'truth'>>): void {
    this.#replace(id, patch);
    if ('truth' in patch) this.#touch(id);
  }

  /** Remembers a model in the place of what was known of it; what is the same stays the same object, and nothing is redrawn. */
  learn(model: PhotoModel): void {
    if (JSON.stringify(this.models[model.id]) !== JSON.stringify(model))
      this.models = { ...this.models, [model.id]: model };
  }

  /**
   * Changes what there is of one model in a picture: `found` by a pass of the model, `corrected` by a person.
   * @throws when the model is not among `models`
   */
  setResult(id: string, model: string, patch: Partial<Omit<PhotoResult, 'model'>>): void {
    if (!Object.hasOwn(this.models, model)) throw new Error(`model ${model}: nothing is known of it`);
    const photo = this.find(id);
    if (!photo) return;
    const before = photo.results[model] ?? { model, found: null, corrected: null };
    const result = { ...before, ...patch };
    this.#replace(id, { results: { ...photo.results, [model]: result } });
    this.#touch(id);
  }

  /** Replaces what is marked on a picture with the points of a scheme. @throws when the scheme is not among `schemes` */
  setMarks(id: string, scheme: string, faces: readonly MarkedFace[]): void {
    if (!Object.hasOwn(this.schemes, scheme)) throw new Error(`points ${scheme}: nothing is known of them`);
    const photo = this.find(id);
    if (!photo) return;
    this.#replace(id, { marks: { ...photo.marks, [scheme]: faces } });
    this.#touch(id);
  }

  /** Adds a scheme, or puts it in the place of the one of its id. */
  putScheme(scheme: MarkScheme): void {
    this.schemes = { ...this.schemes, [scheme.id]: scheme };
    this.#autosave.touch(schemeKey + scheme.id);
  }

  /** Remembers what was learned; where storage does not take it, until the page is closed. */
  setLesson(lesson: Lesson): void {
    this.lessons = { ...this.lessons, [lesson.id]: lesson };
    this.#autosave.touch(lessonKey + lesson.id);
  }

  /** Removes a scheme and all that is marked with it. */
  removeScheme(id: string): void {
    const without = <T>(all: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(all).filter(([key]) => key !== id));
    this.schemes = without(this.schemes);
    this.lessons = without(this.lessons);
    this.photos = this.photos.map((photo) =>
      id in photo.marks ? { ...photo, marks: without(photo.marks) } : photo,
    );
    this.#autosave.touch(schemeKey + id);
  }

  remove(ids: readonly string[]): void {
    this.photos = this.photos.filter(({ id }) => !ids.includes(id));
    for (const id of ids) {
      this.#copy.dropFile(id);
      this.#autosave.touch(id);
    }
    // After the removals: what found no room before may find it then.
    this.retry();
  }

  /** Removes everything there is, what was learned and what other tabs added too. @throws StorageError */
  async clear(): Promise<void> {
    this.remove(this.photos.map(({ id }) => id));
    for (const id of Object.keys(this.schemes)) this.removeScheme(id);
    const lessons = Object.keys(this.lessons);
    this.lessons = {};
    for (const id of lessons) this.#autosave.touch(lessonKey + id);
    await this.settled();
    this.#handover.forgetAll();
    // Where nothing is kept, that was all.
    await (await this.#storage.catch(() => null))?.clear();
  }

  /** The picture's file; its bytes stay on disk until they are read. @throws StorageError when storage has lost it */
  async file(id: string): Promise<Blob> {
    return this.#copy.file(this.get(id));
  }

  /** What storage does not have, or not as it is here. */
  async unsaved(): Promise<UnsavedHere> {
    const keys = this.#autosave.unwritten();
    const photos = await Promise.all(
      this.photos
        .filter(({ id }) => keys.includes(id))
        .map(async (photo) => ({ photo, file: await this.file(photo.id).catch(() => null) })),
    );
    const own = photos.map(({ photo }) => photo);
    return { photos, ...besidePhotos(own, this, keys) };
  }

  /** Shows what came into storage beside this store. @throws StorageError */
  async refresh(): Promise<void> {
    await this.settled();
    const stored = await (await this.#storage).load();
    const all = withStored(this, stored, this.#autosave.unwritten());
    this.#copy.adopt(all.fresh);
    this.models = all.models;
    this.schemes = all.schemes;
    this.lessons = all.lessons;
    this.photos = all.photos;
  }

  /** Tries again to save what could not be. */
  retry(): void {
    this.#autosave.retry();
  }

  /** Resolves once everything is in storage, or has failed to get there. */
  settled(): Promise<void> {
    return this.#autosave.settled();
  }

  /** Saves a change soon; a large file that found no room is not sent again with every moved point. */
  #touch(id: string): void {
    const photo = this.find(id);
    if (photo && (photo.isKept || !this.#autosave.hasFailed(id))) this.#autosave.touch(id);
  }

  #dropRemoved(photo: Photo): void {
    this.photos = this.photos.filter(({ id }) => id !== photo.id);
    this.onRemovedElsewhere(photo);
  }

  /** Leaves for the next visit what storage has no time or no room to take. */
  #leave(): void {
    const unwritten = this.#autosave.unwritten();
    if (unwritten.length === 0) return this.#forgetLeft();
    this.#handover.leave(leftOf(this, unwritten, (id) => this.#copy.photo(id)));
  }

  #replace(id: string, patch: Partial<Photo>): void {
    this.photos = this.photos.map((photo) => (photo.id === id ? { ...photo, ...patch } : photo));
  }

  readonly #tell = (unsavedCount: number, reason: unknown): void => {
    const error = reason === null ? null : toStorageError(reason, 'storage');
    this.storage = error ? { kind: 'failed', error, unsavedCount } : { kind: 'ready' };
  };
}
