/** Looks at pictures, one at a time: those that come meanwhile are dropped, and what is asked for meanwhile is looked at next. */

import { isEngineGone } from '../../services/engine/engine-gone';

const FAILURES_ALLOWED = 3;

export interface LookHooks<Source> {
  /** What shows pictures; null while nothing does. */
  readonly source: () => Source | null;
  readonly look: (source: Source) => Promise<void>;
  /** The engine is gone, for the first time: another one may do. */
  readonly onLost: () => void;
  /** So many looks in a row failed that another is no use. */
  readonly onFailed: (thrown: unknown) => void;
}

export class LookLoop<Source> {
  #isBusy = false;
  /** Something changed that a still has to be looked at for again. */
  #isAsked = false;
  #failures = 0;
  #hasLostEngine = false;

  constructor(private readonly hooks: LookHooks<Source>) {}

  /** Looks once more, also at a picture that stays the same. */
  ask(): void {
    this.#isAsked = true;
    void this.next();
  }

  /** Looks at the newest picture, unless one is being looked at. */
  async next(): Promise<void> {
    const source = this.#isBusy ? null : this.hooks.source();
    if (!source) return;
    this.#isBusy = true;
    this.#isAsked = false;
    try {
      await this.hooks.look(source);
      this.#failures = 0;
    } catch (thrown) {
      this.#hasFailed(thrown);
    } finally {
      this.#isBusy = false;
    }
    // Also for a picture that was opened meanwhile: nothing else asks for the look at a still.
    if (this.#isAsked) void this.next();
  }

  #hasFailed(thrown: unknown): void {
    this.#failures += 1;
    this.#isAsked = true;
    if (isEngineGone(thrown) && !this.#hasLostEngine) {
      this.#hasLostEngine = true;
      this.hooks.onLost();
    } else if (this.#failures >= FAILURES_ALLOWED) {
      // What a person tries next is allowed as many.
      this.#failures = 0;
      this.hooks.onFailed(thrown);
    }
  }
}
