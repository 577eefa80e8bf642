/** How long a turn on the engine may last before it is given up. */

import { EngineError } from '../../engine/errors';

export type EnginePriority = 'live' | 'viewed' | 'batch';

/**
 * A turn that lasts longer has hung. The engine notices hung calls of its own sooner (`UNRESPONSIVE_MS`, 30 s without a sign
 * of life); this ends what hangs beside them, such as a frame that the browser never hands out. A large group picture on a
 * slow phone takes its time, a live frame does not.
 */
export const MAX_TURN_MS: Readonly<Record<EnginePriority, number>> = {
  live: 45_000,
  viewed: 300_000,
  batch: 300_000,
};
/** A call that was aborted by all who wanted it has so long to end; then its engine is given up. */
export const ABORT_GRACE_MS = 5_000;

/** Settles with the turn, or gives it up when it lasts too long. @param onGivenUp is called then, before it rejects */
export function withLimit<T>(
  turn: Promise<T>,
  limitMs: number,
  signal: AbortSignal,
  onGivenUp: () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      onGivenUp();
      reject(reason);
    };
    const seconds = limitMs / 1000;
    const hung = new EngineError('unresponsive', `engine: did not finish within ${seconds} s`);
    let timer = setTimeout(giveUp, limitMs, hung);
    const hurry = () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, ABORT_GRACE_MS, signal.reason);
    };
    signal.addEventListener('abort', hurry, { once: true });
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', hurry);
    };
    turn.finally(stop).then(resolve, reject);
  });
}
