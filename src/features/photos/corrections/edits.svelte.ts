/** Undo and redo of values that are kept elsewhere: one history for each, by its key. */

import { baseOf, cancel, emptyHistory, record, redo, undo, type History, type Stepped } from './history';

/** Of two parts, such as a picture and a model; neither holds a space. */
export type EditKey = readonly [string, string];

export interface Edited<T> {
  /** The present value; undefined where there is nothing to edit any more. */
  read(...key: EditKey): T | undefined;
  write(key: EditKey, value: T): void;
}

const nameOf = (key: EditKey) => key.join(' ');

export class Edits<T> {
  #histories = $state.raw<Readonly<Record<string, History<T>>>>({});

  constructor(private readonly edited: Edited<T>) {}

  /** @param change from the value as it is, within a gesture under way from that at its beginning; it throws before anything changes */
  change(key: EditKey, change: (value: T) => T, gesture?: symbol): void {
    const present = this.edited.read(...key);
    if (present === undefined) return;
    const history = this.#historyOf(key);
    const next = change(baseOf(history, present, gesture));
    this.#put(key, { history: record(history, present, gesture), present: next });
  }

  canUndo(key: EditKey): boolean {
    return this.#historyOf(key).past !== null;
  }

  canRedo(key: EditKey): boolean {
    return this.#historyOf(key).future !== null;
  }

  undo(key: EditKey): void {
    this.#step(key, undo);
  }

  redo(key: EditKey): void {
    this.#step(key, redo);
  }

  /** Takes back a gesture under way, as if it had never begun. */
  cancel(key: EditKey, gesture: symbol): void {
    this.#step(key, (history) => cancel(history, gesture));
  }

  /** Forgets the histories of keys that begin with these: their subjects are gone. */
  forget(firsts: readonly string[]): void {
    const kept = Object.entries(this.#histories).filter(([name]) => !firsts.includes(name.split(' ')[0]));
    this.#histories = Object.fromEntries(kept);
  }

  #step(key: EditKey, step: (history: History<T>, present: T) => Stepped<T> | null): void {
    const present = this.edited.read(...key);
    const stepped = present !== undefined && step(this.#historyOf(key), present);
    if (stepped) this.#put(key, stepped);
  }

  #put(key: EditKey, { history, present }: Stepped<T>): void {
    this.#histories = { ...this.#histories, [nameOf(key)]: history };
    this.edited.write(key, present);
  }

  #historyOf(key: EditKey): History<T> {
    return this.#histories[nameOf(key)] ?? emptyHistory;
  }
}
