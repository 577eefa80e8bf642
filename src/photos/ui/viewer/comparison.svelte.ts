/** A second model beside the one that is shown, on the picture in the viewer. */

import type { Photo, PhotoFace, PhotoModel } from '../../types';
import { counterpartOf, differencesOf, isComparable } from './compare';
import type { CompareMode } from './layers';
import type { PhotoLibraryView } from '../library-view';

export class Comparison {
  mode = $state<CompareMode>('over');
  /** That the other model is looking, or why it could not. */
  status = $state('');
  readonly #library: PhotoLibraryView;
  #chosen = $state<string | null>(null);
  #turn = 0;

  constructor(library: PhotoLibraryView) {
    this.#library = library;
  }

  /** Id of the other model; null when nothing is compared. */
  get id(): string | null {
    return this.#chosen === this.#library.model ? null : this.#chosen;
  }

  /** What is known of the other model; null until it has looked at some picture. */
  get model(): PhotoModel | null {
    return (this.id && this.#library.models[this.id]) || null;
  }

  facesOf(photo: Photo): readonly PhotoFace[] | null {
    return (this.id && photo.results[this.id]?.faces) || null;
  }

  /** Distance of each point of a face from the other model's, px; null where there is nothing to compare. */
  differences(photo: Photo, face: PhotoFace, model: PhotoModel): Float32Array | null {
    const counterpart = counterpartOf(face, this.facesOf(photo) ?? []);
    if (!counterpart || !this.model || !isComparable(model.scheme, this.model.scheme)) return null;
    return differencesOf(face, counterpart);
  }

  /** @param id null ends the comparison */
  async choose(id: string | null, photo: Photo): Promise<void> {
    this.#chosen = id;
    await this.look(photo);
  }

  /** Has the other model look at a picture it has not seen. */
  async look(photo: Photo): Promise<void> {
    const turn = ++this.#turn;
    const { id } = this;
    this.status = '';
    if (!id || photo.results[id]) return;
    this.status = 'Looking …';
    let status = '';
    try {
      await this.#library.look(photo.id, id);
    } catch (thrown) {
      status = thrown instanceof Error ? thrown.message : String(thrown);
    }
    if (turn === this.#turn) this.status = status;
  }
}
