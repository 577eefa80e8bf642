/** A second model, compared with the one that is shown, on the picture in the viewer. */

import type { Photo, PhotoFace, PhotoModel } from '../../types';
import { shownFaces } from '../../corrections/faces';
import { counterpartOf, differencesOf, isComparable } from '../../metrics/compare';
import type { CompareMode } from '../canvas/layers';
import type { PhotoLibrary } from '../../library.svelte';
import { errorMessage } from '../../../../shared/format/error';

export class Comparison {
  mode = $state<CompareMode>('over');
  /** That the other model is at work, or why it failed. */
  status = $state('');
  readonly #library: PhotoLibrary;
  #chosen = $state<string | null>(null);
  #run = 0;

  constructor(library: PhotoLibrary) {
    this.#library = library;
  }

  /** Id of the other model; null when nothing is compared. */
  get id(): string | null {
    return this.#chosen === this.#library.model ? null : this.#chosen;
  }

  /** What is known of the other model; null until it has processed some picture. */
  get model(): PhotoModel | null {
    return (this.id && this.#library.store.models[this.id]) || null;
  }

  facesOf(photo: Photo): readonly PhotoFace[] | null {
    const result = photo.results[this.id ?? ''];
    return result ? shownFaces(result) : null;
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
    await this.detect(photo);
  }

  /** Has the other model process a picture that it has not. */
  async detect(photo: Photo): Promise<void> {
    const run = ++this.#run;
    const { id } = this;
    this.status = '';
    if (!id || photo.results[id]?.found) return;
    this.status = 'Detecting…';
    let status = '';
    try {
      await this.#library.queue.detectNow(photo.id, id);
    } catch (thrown) {
      status = errorMessage(thrown);
    }
    if (run === this.#run) this.status = status;
  }
}
