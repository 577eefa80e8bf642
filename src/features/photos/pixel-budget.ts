/**
 * Limits how many px are decoded at a time: pictures within the budget are decoded side by side, one that takes all of it
 * alone. Two of the largest at once would fill a phone's memory.
 */

import { limits } from './import';

interface Waiting {
  readonly px: number;
  readonly go: () => void;
}

export class PixelBudget {
  #free: number;
  readonly #total: number;
  #waiting: Waiting[] = [];

  constructor(totalPx: number) {
    this.#free = this.#total = totalPx;
  }

  /**
   * Resolves once there is room for so many px. Nothing that holds a reservation may wait for another.
   * @param isViewed goes before those that wait in the background
   * @returns gives the room back
   */
  async reserve(px: number, isViewed = false): Promise<() => void> {
    // What is larger than the whole budget is decoded alone.
    const share = Math.min(px, this.#total);
    await new Promise<void>((go) => {
      if (isViewed) this.#waiting.unshift({ px: share, go });
      else this.#waiting.push({ px: share, go });
      this.#next();
    });
    let isHeld = true;
    return () => {
      if (isHeld) this.#free += share;
      isHeld = false;
      this.#next();
    };
  }

  #next(): void {
    while (this.#waiting.length && this.#waiting[0].px <= this.#free) {
      const { px, go } = this.#waiting.shift()!;
      this.#free -= px;
      go();
    }
  }
}

/** Of all pictures of the page: as many px as the largest one that is taken. */
export const decodedPixels = new PixelBudget(limits.pixels);
