/** Works through any number of items, a few at a time; one that fails takes no other with it. Holds items, never results. */

export interface QueueState {
  /** Items added since the queue was last idle. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

export interface QueueOptions<T> {
  /** Items worked on at once. Default 1. */
  readonly concurrency?: number;
  /** Called after every change, with a new object each time. */
  readonly onChange?: (state: QueueState) => void;
  /** Called for each item whose `process` threw; not for those that were running when the queue was cancelled. */
  readonly onFailure?: (item: T, error: unknown) => void;
}

export interface Queue<T> {
  readonly state: QueueState;
  add(items: Iterable<T>): void;
  /** Forgets the items that wait and aborts the signal of those that run. More can be added at once. */
  cancel(): void;
  /** Resolves when nothing waits or runs. */
  whenIdle(): Promise<void>;
}

const idle: QueueState = { total: 0, done: 0, failed: 0, running: 0 };

/** @param process has to settle; what it leaves in memory for an item is its own affair. */
export function createQueue<T>(
  process: (item: T, signal: AbortSignal) => Promise<void>,
  { concurrency = 1, onChange, onFailure }: QueueOptions<T> = {},
): Queue<T> {
  let waiting: T[] = [];
  let state = idle;
  let abort = new AbortController();
  let waitingForIdle: (() => void)[] = [];

  function change(next: Partial<QueueState>): void {
    state = { ...state, ...next };
    onChange?.(state);
  }

  async function run(item: T, signal: AbortSignal): Promise<void> {
    let outcome: Partial<QueueState>;
    try {
      await process(item, signal);
      outcome = { done: state.done + 1 };
    } catch (error) {
      outcome = { failed: state.failed + 1 };
      if (!signal.aborted) onFailure?.(item, error);
    }
    // What a cancelled item came to is not counted: its queue was emptied.
    change({ ...(signal.aborted ? {} : outcome), running: state.running - 1 });
    next();
  }

  function next(): void {
    while (waiting.length > 0 && state.running < concurrency) {
      change({ running: state.running + 1 });
      void run(waiting.shift() as T, abort.signal);
    }
    if (state.running > 0) return;
    for (const resolve of waitingForIdle) resolve();
    waitingForIdle = [];
  }

  return {
    get state() {
      return state;
    },
    add(items) {
      const added = [...items];
      if (added.length === 0) return;
      if (state.running === 0) state = idle;
      waiting.push(...added);
      change({ total: state.total + added.length });
      next();
    },
    cancel() {
      waiting = [];
      abort.abort();
      abort = new AbortController();
      change({ total: state.done + state.failed });
      next();
    },
    whenIdle: () =>
      new Promise((resolve) => {
        if (state.running === 0) resolve();
        else waitingForIdle.push(resolve);
      }),
  };
}
