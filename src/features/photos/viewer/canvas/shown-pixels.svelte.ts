/** The picture that a viewer shows, decoded as it is opened and closed with it. */

import type { Size } from '../../../../shared/imaging/types';
import { errorMessage } from '../../../../shared/format/error';
import { Pixels } from './pixels.svelte';

/** Rests after the last change of zoom before more pixels are fetched. */
const REFINE_AFTER_MS = 150;

export class ShownPixels {
  #pixels = $state.raw<Pixels | null>(null);
  /** Why the picture cannot be shown; '' where it can. */
  problem = $state('');

  /** What there is to draw. */
  get source(): CanvasImageSource | null {
    return this.#pixels?.source ?? null;
  }

  /** @returns closes it again */
  open(read: () => Promise<Blob>, photo: { readonly name: string } & Size): () => void {
    let closed = false;
    this.problem = '';
    const load = async () => {
      const next = new Pixels(await read(), photo);
      await next.open();
      if (closed) next.close();
      else this.#pixels = next;
    };
    load().catch((thrown: unknown) => {
      if (!closed) this.problem = errorMessage(thrown);
    });
    return () => {
      closed = true;
      this.#pixels?.close();
      this.#pixels = null;
    };
  }

  /**
   * Zoomed in, the pixels of the screen-size copy no longer do.
   * @param scale device px for one px of the picture @returns gives up waiting
   */
  refine(scale: number): () => void {
    const pixels = this.#pixels;
    const timer = setTimeout(() => void pixels?.refine(scale), REFINE_AFTER_MS);
    return () => clearTimeout(timer);
  }
}
