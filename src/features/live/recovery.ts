/** What becomes of a running view whose engine fails: it goes on by itself where that may help, or a person is told. */

import { EngineReplacedError, isEngineGone } from '../../services/engine/engine-gone';

/** `reload`: with the engine there is. `renew`: with another engine. `fail`: a person is told. */
export type NextStep = 'reload' | 'renew' | 'fail';

/** An engine that is lost again sooner is in trouble that a person should know of. */
const RENEW_AGAIN_MS = 30_000;

export class Recovery {
  #renewedMs = -Infinity;

  /** @param nowMs on the clock of `performance.now` */
  stepAfter(thrown: unknown, nowMs: number): NextStep {
    // Photos worked with another model meanwhile.
    if (thrown instanceof EngineReplacedError) return 'reload';
    if (!isEngineGone(thrown) || nowMs - this.#renewedMs < RENEW_AGAIN_MS) return 'fail';
    this.#renewedMs = nowMs;
    return 'renew';
  }
}
