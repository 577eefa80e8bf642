/** The films there are: added, changed, removed, kept. It outlives the page. */

import { SvelteMap } from 'svelte/reactivity';
import { askToPersist } from '../../shared/storage/persist';
import { StorageError, toStorageError } from '../../shared/storage/storage-error';
import { unopenedMessage } from '../../shared/storage/unopened-message';
import type { Settings } from '../../services/settings';
import { isFileOf, isReadSo, newFilm, type ReadingChoice } from './added-film';
import { messageOf } from './messages';
import { ReadingQueue, type ReadingProgress } from './reading-queue.svelte';
import { saysOfPeople } from './said-of-people';
import { FilmRemovedError, openFilmStorage, type FilmStorage } from './storage/film-storage';
import { hasRoomFor } from './storage/room';
import { SavedFilms } from './storage/saved-films';
import type { FilmHost } from './tracking/host-tracker';
import type { FilmRecord, SaidOfPeople } from './types';

export interface ModelChoice {
  readonly id: string;
  readonly title: string;
}

export interface FilmLibraryOptions {
  readonly host: FilmHost;
  /** The models there are to choose from, the standard one first. */
  readonly models: () => Promise<readonly ModelChoice[]>;
  /** Read whenever a film is added or begun. */
  readonly settings: () => Settings;
  readonly openStorage?: () => Promise<FilmStorage>;
}

/** About what a frame with one face takes in storage. */
const FRAME_BYTES = 1500;

export class FilmLibrary {
  films = $state.raw<readonly FilmRecord[]>([]);
  isReady = $state(false);
  /** Of the whole page, such as that nothing can be kept. */
  problem = $state('');

  /** Files by the film's id, for as long as the page is open. */
  readonly #files = new SvelteMap<string, Blob>();
  readonly #saved = new SavedFilms();
  readonly #opened: Promise<void>;
  readonly #queue: ReadingQueue;

  constructor(private readonly options: FilmLibraryOptions) {
    this.#queue = new ReadingQueue(
      {
        films: () => this.films,
        storage: () => this.storage,
        file: (id) => this.file(id),
        update: (id, patch) => this.#update(id, patch),
        show: (film) => this.#set(film),
        forget: (id) => this.#forget(id),
        tell: (problem) => (this.problem = problem),
      },
      options,
    );
    this.#opened = this.#open();
  }

  get storage(): FilmStorage {
    return this.#saved.storage;
  }

  get engineProgress() {
    return this.options.host.progress;
  }

  /** Of the film that is being read; null while none is. */
  get progress(): ReadingProgress | null {
    return this.#queue.progress;
  }

  models(): Promise<readonly ModelChoice[]> {
    return this.options.models();
  }

  opened(): Promise<void> {
    return this.#opened;
  }

  async #open(): Promise<void> {
    try {
      const stored = await this.#saved.open(this.options.openStorage ?? openFilmStorage);
      // A page that was opened with a film waits for it, and asks for its file at once.
      for (const film of stored) await this.#findFile(film);
      this.films = stored.map(interrupted);
    } catch (thrown) {
      this.problem = unopenedMessage(toStorageError(thrown, 'storage'), 'Films');
    }
    this.isReady = true;
    this.#next();
  }

  /** Shows films that came into storage from elsewhere. @throws StorageError */
  async refresh(): Promise<void> {
    await this.#opened;
    const reading = this.#queue.id;
    const known = this.films.map(({ id }) => id);
    const isKnown = ({ id }: FilmRecord) => known.includes(id);
    const stored = await this.#saved.load();
    for (const film of stored) if (!isKnown(film)) await this.#findFile(film);
    const fresh = stored
      .filter((film) => !isKnown(film) || this.#find(film.id))
      .map((film) => {
        if (film.id === reading) return this.#find(film.id) ?? film;
        return isKnown(film) ? this.asShown(film) : interrupted(film);
      });
    this.films = [...fresh, ...this.films.filter(({ id }) => !this.isStored(id))];
    this.#next();
  }

  /** Whether storage has it; not as it is here where that found no room, see `asShown`. */
  isStored(id: string): boolean {
    return this.#saved.has(id);
  }

  /** What storage has of a film, with what was said of its people and found no room there. */
  asShown(stored: FilmRecord): FilmRecord {
    return this.#saved.asHere(stored, this.#find(stored.id));
  }

  /** Finds out whether the film's file is there after a reload. */
  async #findFile(film: FilmRecord): Promise<void> {
    const file = await this.storage.file(film.id).catch(() => null);
    if (file) this.#files.set(film.id, file);
  }

  hasFile(id: string): boolean {
    return this.#files.has(id);
  }

  file(id: string): Blob | null {
    return this.#files.get(id) ?? null;
  }

  /**
   * Adds films, or gives those that wait for it their file back.
   * @returns what a person should know of it; '' where there is nothing
   */
  async add(files: readonly File[], choice: ReadingChoice): Promise<string> {
    await this.#opened;
    const notes: string[] = [];
    for (const file of files) {
      const known = this.films.find((film) => isFileOf(film, file));
      if (known) notes.push(await this.#giveBack(known, file, choice));
      else await this.#addNew(file, choice);
    }
    this.#next();
    return notes.filter(Boolean).join(' ');
  }

  /** One of which nothing has been read yet takes the new choice; of others that would undo what was read, and the names with it. */
  async #giveBack(film: FilmRecord, file: File, choice: ReadingChoice): Promise<string> {
    this.#files.set(film.id, file);
    const state = film.state === 'failed' ? 'waiting' : film.state;
    const isUnread = film.done === 0 && film.state !== 'reading';
    const { model, maxFaces } = choice;
    await this.#update(film.id, isUnread ? { state, model, maxFaces } : { state });
    const firstModel = () =>
      this.models().then(
        ([first]) => first?.id ?? null,
        () => null,
      );
    if (isUnread || (await isReadSo(film, choice, firstModel))) return '';
    return `${film.name} is here already, read with another model or number of faces. To read it anew, remove it, then add it again.`;
  }

  async #addNew(file: File, choice: ReadingChoice): Promise<void> {
    const film = newFilm(file, choice);
    this.#files.set(film.id, file);
    this.films = [...this.films, film];
    await this.#keep(film.id, file);
  }

  async #keep(id: string, file: Blob): Promise<void> {
    if (!this.#saved.isLasting) return;
    const lent = 'Its file is too large to be kept here: after a reload, add it again and reading goes on.';
    try {
      if (!(await hasRoomFor(file.size))) return await this.#update(id, { notes: [lent] });
      // Meanwhile it may have been removed, or begun.
      const film = this.#find(id);
      if (!film) return;
      await this.#saved.putFile({ ...film, isKept: true }, file);
      await this.#update(id, { isKept: true });
    } catch (thrown) {
      if (!(thrown instanceof StorageError)) throw thrown;
      await this.#update(id, { notes: [lent] });
    }
  }

  /** Stops reading it; what was read stays. */
  pause(id: string, state: 'paused' | 'cancelled' = 'paused'): void {
    void this.#update(id, { state });
    void this.#queue.stop(id);
  }

  /** Reads the rest. */
  resume(id: string): void {
    void this.#update(id, { state: 'waiting', problem: '' }).then(() => this.#next());
  }

  /** Changes names, edits or what is hidden. */
  async change(id: string, patch: Partial<SaidOfPeople>): Promise<void> {
    askToPersist();
    await this.#update(id, patch);
  }

  async remove(id: string): Promise<void> {
    this.films = this.films.filter((film) => film.id !== id);
    await this.#queue.stop(id);
    this.#files.delete(id);
    await this.#do(() => this.#saved.remove(id));
  }

  /** What each takes in storage: its file where that is kept, and its frames as an estimate. */
  async sizes(): Promise<readonly { readonly bytes: number }[]> {
    return this.films.map(({ isKept, bytes, done }) => ({
      bytes: (isKept ? bytes : 0) + done * FRAME_BYTES,
    }));
  }

  #next(): void {
    if (this.isReady) this.#queue.next();
  }

  #find(id: string): FilmRecord | undefined {
    return this.films.find((film) => film.id === id);
  }

  #set(film: FilmRecord): void {
    this.films = this.films.map((one) => (one.id === film.id ? film : one));
  }

  async #update(id: string, patch: Partial<FilmRecord>): Promise<void> {
    const film = this.#find(id);
    if (!film) return;
    const changed = { ...film, ...patch };
    this.#set(changed);
    await this.#do(async () => {
      try {
        await this.#saved.put(changed, saysOfPeople(patch));
      } catch (thrown) {
        if (thrown instanceof FilmRemovedError) this.#forget(id);
        throw thrown;
      }
    });
  }

  /** It was removed elsewhere. */
  #forget(id: string): void {
    this.films = this.films.filter((film) => film.id !== id);
    this.#files.delete(id);
    void this.#queue.stop(id);
  }

  async #do(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }
}

/** As it is when the page that read it was closed meanwhile. */
const interrupted = (film: FilmRecord): FilmRecord =>
  film.state === 'reading' ? { ...film, state: 'waiting' } : film;
