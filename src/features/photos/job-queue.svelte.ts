/**
 * A queue of keyed jobs on p-queue, a few at a time. It knows a job by its key, counts what is done, and cancels single jobs:
 * one that is cancelled settles at once, also while what it runs has yet to end.
 */

import PQueue from 'p-queue';

export interface Job<Subject> {
  /** Unique among the jobs. */
  key: string;
  /** What the job is about. */
  readonly subject: Subject;
  /** Of its place in the queue. */
  readonly id: string;
  readonly abort: AbortController;
  /** Settles with the work, or at once when it is cancelled. */
  readonly done: Promise<void>;
  isRunning: boolean;
}

export class JobQueue<Subject> {
  /** Jobs since the queue was last idle; null while it is. */
  progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);

  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen depends on it
  protected readonly jobs = new Map<string, Job<Subject>>();
  readonly #queue: PQueue;
  #lastId = 0;

  /** Nothing begins before `resume`. */
  constructor(concurrency: number) {
    this.#queue = new PQueue({ concurrency, autoStart: false });
  }

  resume(): void {
    this.#queue.start();
  }

  /** What has begun goes on. */
  pause(): void {
    this.#queue.pause();
  }

  cancel(): void {
    this.drop(() => true);
  }

  /** Resolves when everything is done or cancelled. */
  async whenIdle(): Promise<void> {
    while (this.jobs.size) await Promise.allSettled([...this.jobs.values()].map(({ done }) => done));
  }

  protected enqueue(key: string, subject: Subject, run: (job: Job<Subject>) => Promise<void>): Job<Subject> {
    const abort = new AbortController();
    const { signal } = abort;
    let settle!: { resolve: () => void; reject: (reason: unknown) => void };
    const done = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    signal.addEventListener('abort', () => settle.reject(signal.reason), { once: true });
    const job: Job<Subject> = { key, subject, id: String(++this.#lastId), abort, done, isRunning: false };
    const start = async () => {
      job.isRunning = true;
      if (!signal.aborted) await run(job);
    };
    this.jobs.set(key, job);
    this.#count(0, 1);
    const end = () => {
      if (signal.aborted) return;
      this.jobs.delete(job.key);
      this.#count(1, 0);
    };
    done.then(end, end);
    void this.#queue.add(start, { id: job.id }).then(settle.resolve, settle.reject);
    return job;
  }

  /** Has a job start before all that wait. */
  protected moveToFront({ id, isRunning }: Job<Subject>): void {
    if (!isRunning) this.#queue.setPriority(id, 1);
  }

  protected rename(job: Job<Subject>, key: string): void {
    if (!this.jobs.delete(job.key)) return;
    job.key = key;
    this.jobs.set(key, job);
  }

  /** Cancels jobs. */
  protected drop(isMeant: (subject: Subject) => boolean): void {
    for (const [key, job] of this.jobs) {
      if (!isMeant(job.subject)) continue;
      this.jobs.delete(key);
      this.#count(0, -1);
      job.abort.abort();
    }
  }

  /** Adds to what is done and to the total, which begin anew once all is done. */
  #count(done: number, total: number): void {
    const before = this.progress ?? { done: 0, total: 0 };
    const now = { done: before.done + done, total: before.total + total };
    this.progress = now.done < now.total ? now : null;
  }
}
