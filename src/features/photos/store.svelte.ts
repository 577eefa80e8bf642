/**
 * The pictures a person has added, with their results, and their way to storage and back. In memory are names, thumbnails
 * and points; files stay on disk. Changes are saved at once, and a picture that finds no room still serves until the page is
 * closed.
 */

import { toStorageError, type StorageError } from '../../shared/storage/storage-error';
import { createAutosave, type Autosave } from './storage/autosave';
import { openPhotoStorage, type OpenPhotoStorage, type PhotoStorage } from './storage/photo-storage';
import { besidePhotos, leftOf, lessonKey, schemeKey } from './storage/left-here';
import { savePhoto } from './storage/save-photo';
import { applyUnsaved, forgetUnsaved, leaveUnsaved, readUnsaved } from './storage/unsaved';
import type {
  Lesson,
  MarkScheme,
  MarkedFace,
  NewPhoto,
  Photo,
  PhotoModel,
  PhotoResult,
  PhotoWork,
} from './types';

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

  /** Files that are not in storage yet. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen depends on it
  readonly #files = new Map<string, Blob>();
  /** Each picture as storage has it. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen depends on it
  readonly #saved = new Map<string, Photo>();
  /** Names of what closed pages left and this one has taken over. */
  readonly #leftNames: string[] = [];
  readonly #storage: Promise<PhotoStorage>;
  readonly #autosave: Autosave<string>;

  constructor(openStorage: OpenPhotoStorage = openPhotoStorage) {
    this.#storage = openStorage({ onBlocked: () => (this.storage = { kind: 'blocked' }) });
    this.#autosave = createAutosave((id) => this.#save(id), this.#tell);
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
      const kept = photos.map<Photo>((photo) => ({ ...photo, work: { kind: 'waiting' }, isKept: true }));
      for (const photo of kept) this.#saved.set(photo.id, photo);
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
    for (const { name, unsaved } of readUnsaved()) {
      this.#leftNames.push(name);
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
      const saved = this.#saved.get(id);
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
    if (this.#autosave.unwritten().length) return;
    this.#leftNames.splice(0).forEach(forgetUnsaved);
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
    this.#files.set(id, file);
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
      this.#files.delete(id);
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
    for (const { name } of readUnsaved()) forgetUnsaved(name);
    this.#leftNames.length = 0;
    // Where nothing is kept, that was all.
    await (await this.#storage.catch(() => null))?.clear();
  }

  /** The picture's file; its bytes stay on disk until they are read. @throws StorageError when storage has lost it */
  async file(id: string): Promise<Blob> {
    const photo = this.get(id);
    return this.#files.get(id) ?? (await this.#storage).file(photo);
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
    const { photos, models, schemes, lessons } = await (await this.#storage).load();
    const unwritten = this.#autosave.unwritten();
    const here = (prefix: string) => (id: string) => unwritten.includes(prefix + id);
    this.models = { ...models, ...this.models };
    this.schemes = replaced(this.schemes, schemes, here(schemeKey));
    this.lessons = replaced(this.lessons, lessons, here(lessonKey));
    const fresh = photos
      .filter(({ id }) => !unwritten.includes(id))
      .map<Photo>((photo) => ({ ...photo, work: workOf(photo), isKept: true }));
    for (const photo of fresh) this.#saved.set(photo.id, photo);
    const known = Object.fromEntries(fresh.map(({ id }) => [id, true]));
    this.photos = [...this.photos.filter(({ id }) => !(id in known)), ...fresh].sort(
      (one, other) => one.addedMs - other.addedMs,
    );
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

  async #save(id: string): Promise<void> {
    const storage = await this.#storage;
    if (id.startsWith(lessonKey)) {
      const lesson = this.lessons[id.slice(lessonKey.length)];
      return lesson && storage.putLesson(lesson);
    }
    if (id.startsWith(schemeKey)) return this.#saveScheme(storage, id.slice(schemeKey.length));
    const photo = this.find(id);
    if (!photo) {
      await storage.remove(id);
      this.#saved.delete(id);
      return;
    }
    const isHere = await savePhoto(storage, {
      photo,
      saved: this.#saved.get(id),
      file: this.#files.get(id),
      models: this.models,
      schemes: this.schemes,
      onSaved: (saved) => {
        this.#saved.set(id, saved);
        if (this.#files.delete(id)) this.#replace(id, { isKept: true });
      },
    });
    if (!isHere) this.#dropRemoved(photo);
  }

  async #saveScheme(storage: PhotoStorage, id: string): Promise<void> {
    const scheme = this.schemes[id];
    if (scheme) await storage.putScheme(scheme);
    else await storage.removeScheme(id);
  }

  #dropRemoved(photo: Photo): void {
    this.photos = this.photos.filter(({ id }) => id !== photo.id);
    this.#saved.delete(photo.id);
    this.onRemovedElsewhere(photo);
  }

  /** Leaves for the next visit what storage has no time or no room to take. */
  #leave(): void {
    const unwritten = this.#autosave.unwritten();
    if (unwritten.length === 0) return this.#forgetLeft();
    const name = leaveUnsaved(leftOf(this, unwritten, (id) => this.#saved.get(id)));
    if (name === null) return;
    // All of it is in what was left now.
    this.#leftNames.splice(0).forEach(forgetUnsaved);
    // A page that comes back saves it itself, and then more.
    globalThis.addEventListener('pageshow', () => forgetUnsaved(name), { once: true });
  }

  #replace(id: string, patch: Partial<Photo>): void {
    this.photos = this.photos.map((photo) => (photo.id === id ? { ...photo, ...patch } : photo));
  }

  readonly #tell = (unsavedCount: number, reason: unknown): void => {
    const error = reason === null ? null : toStorageError(reason, 'storage');
    this.storage = error ? { kind: 'failed', error, unsavedCount } : { kind: 'ready' };
  };
}

/** Of a picture that comes from storage. */
const workOf = ({ results }: Pick<Photo, 'results'>): PhotoWork => ({
  kind: Object.keys(results).length > 0 ? 'done' : 'waiting',
});

/** What is stored in the place of what is here, but for what storage does not have as it is here. */
function replaced<T>(
  here: Readonly<Record<string, T>>,
  stored: Readonly<Record<string, T>>,
  isUnsaved: (id: string) => boolean,
): Readonly<Record<string, T>> {
  const fresh = Object.entries(stored).filter(([id]) => !isUnsaved(id));
  return { ...here, ...Object.fromEntries(fresh) };
}
