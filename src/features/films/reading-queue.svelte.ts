/** Reads films that wait, one after the other, and tells how far it is. */

import { askToPersist } from '../../shared/storage/persist';
import type { Settings } from '../../services/settings';
import { messageOf } from './messages';
import { aloneAmongTabs } from './one-tab';
import { readFilm } from './reading';
import { saidOfPeople } from './said-of-people';
import { FilmRemovedError, type FilmStorage } from './storage/film-storage';
import type { FilmHost } from './tracking/host-tracker';
import { createPaceMeter, type Pace } from './tracking/pace';
import type { FilmRecord, TrackedFrame } from './types';

/** Of the film that is being read. */
export interface ReadingProgress {
  readonly id: string;
  readonly frames: number;
  readonly timeMs: number;
  readonly faces: number;
  readonly pace: Pace | null;
}

/** Where the films are, and what is done about them. */
export interface FilmStore {
  films(): readonly FilmRecord[];
  storage(): FilmStorage;
  file(id: string): Blob | null;
  /** Changes the film here and in storage. */
  update(id: string, patch: Partial<FilmRecord>): Promise<void>;
  /** Shows a film as reading has left it in storage. */
  show(film: FilmRecord): void;
  /** It was removed elsewhere. */
  forget(id: string): void;
  tell(problem: string): void;
}

/** Numbers on the screen change at most so often. */
const PROGRESS_MS = 250;

export class ReadingQueue {
  progress = $state.raw<ReadingProgress | null>(null);

  #now: { readonly id: string; readonly abort: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(
    private readonly store: FilmStore,
    private readonly options: { readonly host: FilmHost; readonly settings: () => Settings },
  ) {}

  /** Id of the film that is being read. */
  get id(): string | null {
    return this.#now?.id ?? null;
  }

  /** Begins with the first film that waits and has its file, unless one is being read. */
  next(): void {
    if (this.#now) return;
    const film = this.store.films().find(({ id, state }) => state === 'waiting' && this.store.file(id));
    if (!film) return;
    const abort = new AbortController();
    const isOurs = aloneAmongTabs(abort.signal, () => this.#read(film.id, abort.signal));
    this.#now = { id: film.id, abort, ended: isOurs.then(() => undefined) };
    void isOurs.then((isOurs) => {
      this.#now = null;
      this.progress = null;
      if (isOurs) this.next();
      else this.store.tell('Another tab of Mien reads films. Close it, then reload this page to go on here.');
    });
  }

  /** Stops reading it; resolves once nothing more is read of it. */
  async stop(id: string): Promise<void> {
    if (this.#now?.id !== id) return;
    this.#now.abort.abort();
    await this.#now.ended;
  }

  #find(id: string): FilmRecord | undefined {
    return this.store.films().find((film) => film.id === id);
  }

  async #read(id: string, signal: AbortSignal): Promise<void> {
    const { store } = this;
    const film = this.#find(id);
    const file = store.file(id);
    if (!film || !file || signal.aborted) return;
    await store.update(id, { state: 'reading', problem: '' });
    const { host, settings } = this.options;
    const site = { host, storage: store.storage(), smoothing: settings().smoothing };
    const events = { ...this.#changesOf(id), onFrame: this.#meter(id) };
    try {
      const { notes } = await readFilm({ ...film, state: 'reading' }, file, site, signal, events);
      await store.update(id, { state: 'done', notes });
      askToPersist();
    } catch (thrown) {
      if (thrown instanceof FilmRemovedError) {
        store.tell(messageOf(thrown));
        store.forget(id);
      }
      // Who stopped it has said so already.
      else if (!signal.aborted) await store.update(id, { state: 'failed', problem: messageOf(thrown) });
    }
  }

  /** What a person changes while the film is read stays: names, edits, what is hidden, and that it is to stop. */
  #changesOf(id: string) {
    const withChanges = (film: FilmRecord): FilmRecord => {
      const now = this.#find(id) ?? film;
      const { state, isKept } = now;
      return { ...film, ...saidOfPeople(now), state, isKept };
    };
    return { withChanges, onRecord: (film: FilmRecord) => this.store.show(withChanges(film)) };
  }

  #meter(id: string): (frame: TrackedFrame) => void {
    const meter = createPaceMeter();
    let shownMs = 0;
    return ({ index, timeMs, faces }) => {
      const nowMs = performance.now();
      meter.add(timeMs, nowMs);
      if (nowMs - shownMs < PROGRESS_MS) return;
      shownMs = nowMs;
      const pace = meter.pace(this.#find(id)?.durationMs ?? null);
      this.progress = { id, frames: index + 1, timeMs, faces: faces.length, pace };
    };
  }
}
