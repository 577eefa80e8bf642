/** Corrections by a person, and the way back: one history for each picture and model. What the network found stays as it is. */

import type { PhotoStore } from '../store.svelte';
import { Edits } from './edits.svelte';
import { shownFaces, type Faces } from './faces';

export class PhotoEditor {
  /** Of `PhotoResult.corrected`: null is the time before the first correction. */
  readonly #edits: Edits<Faces | null>;

  constructor(private readonly store: PhotoStore) {
    this.#edits = new Edits<Faces | null>({
      read: (photoId, model) => store.find(photoId)?.results[model]?.corrected,
      write: ([photoId, model], corrected) => store.setResult(photoId, model, { corrected }),
    });
  }

  /**
   * @param change from the faces as they are, within a gesture under way from those at its beginning; null: as found again.
   * @throws when there is no result of the model, and what `change` throws; then nothing is changed.
   */
  correct(photoId: string, model: string, change: (faces: Faces) => Faces | null, gesture?: symbol): void {
    const photo = this.store.get(photoId);
    const present = photo.results[model];
    if (!present) throw new Error(`picture ${photo.name}: ${model} has not processed it`);
    const shown = (corrected: Faces | null) => shownFaces({ ...present, corrected });
    this.#edits.change([photoId, model], (corrected) => change(shown(corrected)), gesture);
  }

  canUndo(photoId: string, model: string | null): boolean {
    return model !== null && this.#edits.canUndo([photoId, model]);
  }

  canRedo(photoId: string, model: string | null): boolean {
    return model !== null && this.#edits.canRedo([photoId, model]);
  }

  undo(photoId: string, model: string): void {
    this.#edits.undo([photoId, model]);
  }

  redo(photoId: string, model: string): void {
    this.#edits.redo([photoId, model]);
  }

  /** Takes back a gesture under way, as if it had never begun. */
  cancel(photoId: string, model: string, gesture: symbol): void {
    this.#edits.cancel([photoId, model], gesture);
  }

  /** Forgets the histories of pictures that are gone. */
  forget(photoIds: readonly string[]): void {
    this.#edits.forget(photoIds);
  }
}
