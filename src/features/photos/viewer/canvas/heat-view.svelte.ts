/** The heatmaps of the chosen face, fetched from the network when somebody wants to see them. */

import type { Activations, Box } from '../../../../engine/types';
import type { Heat } from './draw-scene';
import { heatPixels } from './heat';
import { errorMessage } from '../../../../shared/format/error';

/** `point`: the maps of the chosen points' last one. `all`: those of every point at once. */
export type HeatMode = 'off' | 'point' | 'all';

export class HeatView {
  mode = $state<HeatMode>('off');
  heat = $state.raw<Heat | null>(null);
  problem = $state('');
  /** Whether the network has been asked and not answered yet. */
  isLoading = $state(false);
  #maps: { readonly key: string; readonly maps: Activations } | null = null;
  #call = 0;

  /**
   * Shows the maps that belong to what is chosen now.
   * @param key says of which picture, model and face the maps are
   * @param load asks the network for them
   * @param point index of the chosen point, or null
   */
  async show(
    key: string,
    box: Box<'image'> | null,
    point: number | null,
    load: (box: Box<'image'>) => Promise<Activations>,
  ): Promise<void> {
    const call = ++this.#call;
    this.problem = '';
    this.isLoading = false;
    if (this.mode === 'off' || !box || (this.mode === 'point' && point === null)) {
      this.#put(null);
      return;
    }
    try {
      if (this.#maps?.key !== key) {
        this.isLoading = true;
        const maps = await load(box);
        if (call !== this.#call) return;
        this.isLoading = false;
        this.#maps = { key, maps };
      }
      const { maps } = this.#maps;
      const rgba = heatPixels(maps, this.mode === 'all' ? null : point);
      const pixels = await createImageBitmap(new ImageData(rgba, maps.width, maps.height));
      if (call !== this.#call) pixels.close();
      else this.#put({ pixels, crop: maps.crop });
    } catch (thrown) {
      if (call !== this.#call) return;
      this.#put(null);
      this.isLoading = false;
      this.problem = errorMessage(thrown);
    }
  }

  close(): void {
    this.#call += 1;
    this.#maps = null;
    this.#put(null);
  }

  #put(heat: Heat | null): void {
    this.heat?.pixels.close();
    this.heat = heat;
  }
}
