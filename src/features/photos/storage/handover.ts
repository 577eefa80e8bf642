/** From a page that closes to the next one: what it could not save is left, taken over, and forgotten once that is saved. */

import { forgetUnsaved, leaveUnsaved, readUnsaved, type Unsaved } from './unsaved';

export class Handover {
  /** Names of what closed pages left and this one has taken over. */
  readonly #taken: string[] = [];

  /** What closed pages left, the oldest first. */
  *take(): Generator<Unsaved> {
    for (const { name, unsaved } of readUnsaved()) {
      this.#taken.push(name);
      yield unsaved;
    }
  }

  /** All that was taken over is in storage, or is left anew. */
  forgetTaken(): void {
    this.#taken.splice(0).forEach(forgetUnsaved);
  }

  /** This page may be about to close. @param unsaved with all of what it has taken over */
  leave(unsaved: Unsaved): void {
    const name = leaveUnsaved(unsaved);
    if (name === null) return;
    this.forgetTaken();
    // A page that comes back saves it itself, and then more.
    globalThis.addEventListener('pageshow', () => forgetUnsaved(name), { once: true });
  }

  /** Forgets what any page left. */
  forgetAll(): void {
    for (const { name } of readUnsaved()) forgetUnsaved(name);
    this.#taken.length = 0;
  }
}
