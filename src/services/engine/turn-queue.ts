/**
 * One thing is done at a time, that of the highest priority first. What is asked for again under the same key is done once, for all
 * who asked.
 */

import PQueue from 'p-queue';

export interface Turn {
  /** The higher comes first. */
  readonly priority: number;
  /** An abort rejects `run` with its reason at once: what waits is skipped at its turn, what is under way is ended. */
  readonly signal?: AbortSignal;
  /** A turn whose key waits or runs already joins it. That one ends early only when all who joined have aborted. */
  readonly key?: string;
}

interface Task {
  readonly id: string;
  readonly abort: AbortController;
  readonly done: Promise<unknown>;
  priority: number;
  /** Those who wait for it and have not aborted. */
  callers: number;
}

export class TurnQueue {
  readonly #queue = new PQueue({ concurrency: 1 });
  /** Tasks with a key, waiting or running. */
  readonly #keyed = new Map<string, Task>();
  #lastId = 0;

  /**
   * Does the work once it is its turn. Its signal is aborted when nobody wants it any more.
   * @throws what the work throws, and the signal's reason
   */
  async run<T>(turn: Turn, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    turn.signal?.throwIfAborted();
    const known = turn.key === undefined ? undefined : this.#keyed.get(turn.key);
    const task = known ?? this.#enqueue(turn, work);
    if (turn.priority > task.priority) this.#raise(task, turn.priority);
    return follow(task, turn.signal) as Promise<T>;
  }

  #enqueue({ priority, key }: Turn, work: (signal: AbortSignal) => Promise<unknown>): Task {
    const id = `${++this.#lastId}`;
    const abort = new AbortController();
    const { signal } = abort;
    const doWork = async () => {
      signal.throwIfAborted();
      return work(signal);
    };
    const done = this.#queue.add(doWork, { id, priority });
    const task: Task = { id, abort, done, priority, callers: 0 };
    if (key !== undefined) {
      this.#keyed.set(key, task);
      const forget = () => void (this.#keyed.get(key) === task && this.#keyed.delete(key));
      signal.addEventListener('abort', forget);
      done.finally(forget).catch(() => undefined);
    }
    return task;
  }

  #raise(task: Task, priority: number): void {
    task.priority = priority;
    try {
      this.#queue.setPriority(task.id, priority);
    } catch {
      // It runs already.
    }
  }
}

/** Settles with the task, or at once when the signal aborts. */
function follow(task: Task, signal: AbortSignal | undefined): Promise<unknown> {
  task.callers++;
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(signal?.reason);
      if (--task.callers === 0) task.abort.abort(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    const stay = () => signal?.removeEventListener('abort', leave);
    task.done.finally(stay).then(resolve, reject);
  });
}
