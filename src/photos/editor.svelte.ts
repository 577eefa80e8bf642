/** Changes the results of the pictures on the shelf, and knows the way back: one history for each picture and model. */

import type { Faces } from './edit/faces';
import { baseOf, emptyHistory, record, redo, undo, type History } from './edit/history';
import type { PhotoShelf } from './shelf.svelte';
import type { PhotoResult } from './types';

type ResultHistory = History<PhotoResult>;

const keyOf = (photoId: string, model: string) => `${photoId} ${model}`;

export class PhotoEditor {
  #histories = $state.raw<Readonly<Record<string, ResultHistory>>>({});

  constructor(private readonly shelf: PhotoShelf) {}

  /**
   * A correction by a person.
   * @param change from the faces as they are; within a gesture under way, from those at its beginning.
   * @throws when the model has not looked at the picture, and what `change` throws; then nothing is changed.
   */
  correct(photoId: string, model: string, change: (faces: Faces) => Faces, gesture?: symbol): void {
    const present = this.shelf.get(photoId).results[model];
    if (!present) throw new Error(`picture ${this.shelf.get(photoId).name}: ${model} has not looked at it`);
    const { faces } = baseOf(this.#historyOf(photoId, model), present, gesture);
    this.#step(photoId, present, { model, faces: change(faces), corrected: true }, gesture);
  }

  /** What a model found in a picture, in the place of its result from before, which can be brought back. */
  setFound(photoId: string, model: string, faces: Faces): void {
    this.setResult(photoId, { model, faces, corrected: false });
  }

  /** Puts a whole result in the place of the one from before, which can be brought back. */
  setResult(photoId: string, result: PhotoResult): void {
    const present = this.shelf.find(photoId)?.results[result.model];
    if (present) this.#step(photoId, present, result);
    else this.shelf.setResult(photoId, result);
  }

  canUndo(photoId: string, model: string): boolean {
    return this.#historyOf(photoId, model).past !== null;
  }

  canRedo(photoId: string, model: string): boolean {
    return this.#historyOf(photoId, model).future !== null;
  }

  undo(photoId: string, model: string): void {
    this.#walk(undo, photoId, model);
  }

  redo(photoId: string, model: string): void {
    this.#walk(redo, photoId, model);
  }

  /** Forgets the histories of pictures that are gone. */
  forget(photoIds: readonly string[]): void {
    const kept = Object.entries(this.#histories).filter(([key]) => !photoIds.includes(key.split(' ')[0]));
    this.#histories = Object.fromEntries(kept);
  }

  #step(photoId: string, present: PhotoResult, next: PhotoResult, gesture?: symbol): void {
    this.#remember(photoId, present.model, record(this.#historyOf(photoId, present.model), present, gesture));
    this.shelf.setResult(photoId, next);
  }

  #walk(way: typeof undo<PhotoResult>, photoId: string, model: string): void {
    const present = this.shelf.find(photoId)?.results[model];
    const stepped = present && way(this.#historyOf(photoId, model), present);
    if (!stepped) return;
    this.#remember(photoId, model, stepped.history);
    this.shelf.setResult(photoId, stepped.present);
  }

  #historyOf(photoId: string, model: string): ResultHistory {
    return this.#histories[keyOf(photoId, model)] ?? emptyHistory;
  }

  #remember(photoId: string, model: string, history: ResultHistory): void {
    this.#histories = { ...this.#histories, [keyOf(photoId, model)]: history };
  }
}
