/** Who waits for a picture with a face in it, to put it aside and look at it again and again. */

import type { Look } from './follower';

/** A picture that was put aside. */
export interface HeldPicture {
  readonly bitmap: ImageBitmap;
  readonly look: Look;
}

type Take = (held: HeldPicture) => void;

export class PictureRequests {
  #waiting: readonly Take[] = [];

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** @returns the picture, whose bitmap the caller closes. @throws the signal's reason */
  add(signal: AbortSignal): Promise<HeldPicture> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, resolve];
      signal.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== resolve);
        reject(signal.reason);
      });
    });
  }

  /** Hands the picture to who has waited longest. @returns false where nobody waits: it stays the caller's */
  give(held: HeldPicture): boolean {
    const [take, ...others] = this.#waiting;
    this.#waiting = others;
    take?.(held);
    return take !== undefined;
  }

  /** There will be no picture for those who wait. */
  clear(): void {
    this.#waiting = [];
  }
}
