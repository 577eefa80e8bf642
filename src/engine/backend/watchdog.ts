/** Notices silence. It is counted in steps rather than by the clock: a device that slept in between has not hung. */

const STEPS = 10;

export interface Watchdog {
  /** A sign of life. */
  feed(): void;
  stop(): void;
  /** Aborted once it was silent for too long, or the watch is over. */
  readonly signal: AbortSignal;
}

/** Calls `onSilence` once, where nothing feeds it for `limitMs`. */
export function createWatchdog(limitMs: number, onSilence: () => void): Watchdog {
  const over = new AbortController();
  let silentSteps = 0;
  const stop = () => {
    clearInterval(timer);
    over.abort();
  };
  const timer = setInterval(() => {
    if (++silentSteps < STEPS) return;
    stop();
    onSilence();
  }, limitMs / STEPS);
  return { feed: () => void (silentSteps = 0), stop, signal: over.signal };
}
