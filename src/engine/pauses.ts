/** Between two passes of a network: a call can be ended there, and shows that it lives. */

/** How long a call may keep its thread from everything else, ms. */
const YIELD_MS = 50;
/** How often a long call gives a sign of life, ms: a frame of a video mostly ends before. */
const ALIVE_INTERVAL_MS = 500;

/** To be awaited before each pass. @throws the signal's reason once it is aborted. */
export type Pause = () => Promise<void>;

/** @param onAlive called now and then while the call goes on. */
export function createPause(signal: AbortSignal, onAlive: () => void): Pause {
  let yieldedMs = performance.now();
  let aliveMs = yieldedMs;
  return async () => {
    const nowMs = performance.now();
    if (nowMs - aliveMs > ALIVE_INTERVAL_MS) {
      aliveMs = nowMs;
      onAlive();
    }
    if (nowMs - yieldedMs > YIELD_MS) {
      // A task of its own: the thread hears of an abort by a message.
      await new Promise((resolve) => setTimeout(resolve));
      yieldedMs = performance.now();
    }
    signal.throwIfAborted();
  };
}
