/** The engine's queue: one call at a time, in the order they came. */

/** A call as the queue handles it. */
export interface Call<T> {
  run(): Promise<T>;
  /** Ends the call under way early; it still keeps its place until it settles. */
  interrupt(): void;
  /** Frees what the call holds when it is never run. */
  drop(): void;
  readonly signal?: AbortSignal;
}

export interface CallQueue {
  /** Calls that wait or are under way. */
  readonly size: number;
  /** Rejects at once with the signal's reason when that is aborted. */
  add<T>(call: Call<T>): Promise<T>;
  /** Rejects and drops all calls that wait. */
  clear(error: Error): void;
  /** Resolves once no call waits or is under way. */
  idle(): Promise<void>;
}

interface Entry {
  start(): Promise<void>;
  cancel(reason: unknown): void;
}

export function createQueue(): CallQueue {
  let waiting: Entry[] = [];
  let running: Entry | null = null;
  let onIdle: (() => void)[] = [];

  function next(): void {
    if (running) return;
    running = waiting.shift() ?? null;
    if (!running) {
      onIdle.forEach((resolve) => resolve());
      onIdle = [];
      return;
    }
    void running.start().finally(() => {
      running = null;
      next();
    });
  }

  return {
    get size() {
      return waiting.length + (running ? 1 : 0);
    },
    add({ run, interrupt, drop, signal }) {
      return new Promise((resolve, reject) => {
        const entry: Entry = {
          async start() {
            try {
              resolve(await run());
            } catch (error) {
              reject(error);
            } finally {
              signal?.removeEventListener('abort', onAbort);
            }
          },
          cancel(reason) {
            waiting = waiting.filter((other) => other !== entry);
            signal?.removeEventListener('abort', onAbort);
            drop();
            reject(reason);
          },
        };
        function onAbort(): void {
          if (running !== entry) return entry.cancel(signal?.reason);
          interrupt();
          reject(signal?.reason);
        }
        waiting.push(entry);
        if (signal?.aborted) return entry.cancel(signal.reason);
        signal?.addEventListener('abort', onAbort);
        next();
      });
    },
    clear: (error) => waiting.forEach((entry) => entry.cancel(error)),
    idle: () => (running ? new Promise((resolve) => onIdle.push(resolve)) : Promise.resolve()),
  };
}
