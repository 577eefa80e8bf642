/** What storage has of the films, and what was said of their people that found no room there. */

import { saidOfPeople } from '../said-of-people';
import type { FilmRecord } from '../types';
import { createMemoryStorage, FilmRemovedError, type FilmStorage } from './film-storage';

export class SavedFilms {
  #storage: FilmStorage = createMemoryStorage();
  #isLasting = true;
  /** Ids of films that storage has, be it as they were. */
  readonly #stored = new Set<string>();
  /** Ids of films of whose people something was said that found no room. */
  readonly #unsaid = new Set<string>();

  get storage(): FilmStorage {
    return this.#storage;
  }

  /** False where the browser keeps nothing: films last as long as the page. */
  get isLasting(): boolean {
    return this.#isLasting;
  }

  /** @returns the films of before. @throws StorageError where the browser keeps nothing */
  async open(openStorage: () => Promise<FilmStorage>): Promise<FilmRecord[]> {
    try {
      this.#storage = await openStorage();
      return await this.load();
    } catch (thrown) {
      this.#isLasting = false;
      throw thrown;
    }
  }

  /** @throws StorageError */
  async load(): Promise<FilmRecord[]> {
    const films = await this.#storage.load();
    for (const { id } of films) this.#stored.add(id);
    return films;
  }

  /** Not as it is here where that found no room, see `asHere`. */
  has(id: string): boolean {
    return this.#stored.has(id);
  }

  /** What storage has of a film, with what was said of its people and found no room there. */
  asHere(stored: FilmRecord, here: FilmRecord | undefined): FilmRecord {
    return here && this.#unsaid.has(stored.id) ? { ...stored, ...saidOfPeople(here) } : stored;
  }

  /**
   * @param ofPeople whether something new was said of its people
   * @throws StorageError; what was said of its people is then written with the next change
   */
  async put(film: FilmRecord, ofPeople: boolean): Promise<void> {
    const { id } = film;
    const saysMore = ofPeople || this.#unsaid.has(id);
    try {
      await this.#storage.put(film, saysMore);
      if (this.#isLasting) this.#stored.add(id);
      this.#unsaid.delete(id);
    } catch (thrown) {
      if (saysMore && !(thrown instanceof FilmRemovedError)) this.#unsaid.add(id);
      throw thrown;
    }
  }

  /** @throws StorageError */
  async putFile(film: FilmRecord, file: Blob): Promise<void> {
    await this.#storage.putFile(film, file);
    this.#stored.add(film.id);
  }

  /** @throws StorageError */
  async remove(id: string): Promise<void> {
    await this.#storage.remove(id);
    this.#stored.delete(id);
    this.#unsaid.delete(id);
  }
}
