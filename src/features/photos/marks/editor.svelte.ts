/** Marks and schemes as a person changes them, and the way back: one history for each picture and scheme, one for each scheme. */

import { Edits } from '../corrections/edits.svelte';
import type { PhotoStore } from '../store.svelte';
import type { MarkScheme } from '../types';
import type { Marks } from './marks';

const none: Marks = [];
/** Of the keys of schemes: they belong to no picture. */
const everywhere = '*';

export class MarksEditor {
  readonly #marks: Edits<Marks>;
  readonly #schemes: Edits<MarkScheme>;

  constructor(private readonly store: PhotoStore) {
    this.#marks = new Edits<Marks>({
      read: (photoId, scheme) => {
        const photo = store.find(photoId);
        return photo && Object.hasOwn(store.schemes, scheme) ? (photo.marks[scheme] ?? none) : undefined;
      },
      write: ([photoId, scheme], marks) => store.setMarks(photoId, scheme, marks),
    });
    this.#schemes = new Edits<MarkScheme>({
      read: (_, id) => store.schemes[id],
      write: (_, scheme) => store.putScheme(scheme),
    });
  }

  marksOf(photoId: string, scheme: string): Marks {
    return this.store.find(photoId)?.marks[scheme] ?? none;
  }

  /** @param change from the marks as they are, within a gesture under way from those at its beginning */
  mark(photoId: string, scheme: string, change: (marks: Marks) => Marks, gesture?: symbol): void {
    this.#marks.change([photoId, scheme], change, gesture);
  }

  canUndo(photoId: string, scheme: string): boolean {
    return this.#marks.canUndo([photoId, scheme]);
  }

  canRedo(photoId: string, scheme: string): boolean {
    return this.#marks.canRedo([photoId, scheme]);
  }

  undo(photoId: string, scheme: string): void {
    this.#marks.undo([photoId, scheme]);
  }

  redo(photoId: string, scheme: string): void {
    this.#marks.redo([photoId, scheme]);
  }

  cancel(photoId: string, scheme: string, gesture: symbol): void {
    this.#marks.cancel([photoId, scheme], gesture);
  }

  changeScheme(id: string, change: (scheme: MarkScheme) => MarkScheme): void {
    const before = this.store.schemes[id];
    if (before && change(before) !== before) this.#schemes.change([everywhere, id], change);
  }

  canUndoScheme(id: string): boolean {
    return this.#schemes.canUndo([everywhere, id]);
  }

  canRedoScheme(id: string): boolean {
    return this.#schemes.canRedo([everywhere, id]);
  }

  undoScheme(id: string): void {
    this.#schemes.undo([everywhere, id]);
  }

  redoScheme(id: string): void {
    this.#schemes.redo([everywhere, id]);
  }

  /** Forgets the histories of pictures that are gone. */
  forget(photoIds: readonly string[]): void {
    this.#marks.forget(photoIds);
  }
}
