/**
 * The way to the app's one engine, and to a second while two models are compared. One thing is done at a time: a live frame before the picture that is viewed, that one
 * before the batch. The engine is made when it is first wanted, and made anew for another model or after it was lost.
 */

import PQueue from 'p-queue';
import { EngineError } from '../engine/errors';
import type { Engine } from '../engine';
import type { EngineOptions, Progress } from '../engine/types';
import { EngineTuning, type TurnTuning } from './tune-engine';

export type CreateEngine = (options: EngineOptions) => Promise<Engine>;

export type EnginePriority = 'live' | 'viewed' | 'batch';

/** The app's engine, or the second one that stands beside it while two models are compared. */
export type EngineSlot = 'main' | 'beside';

export interface EngineRequest {
  /** Id of the model; null: the registry's first. */
  readonly model: string | null;
  readonly priority: EnginePriority;
  /** What its turn runs under, where that is not the usual (`engineOptions`, without signals and gaze). */
  readonly tuning?: Partial<TurnTuning>;
  /** The turn runs without the gaze that `tuning` asks for, because of this. Asking again tries again. */
  readonly onNoGaze?: (thrown: unknown) => void;
  /** An abort rejects `run` with its reason at once: what waits is skipped at its turn, what is under way is ended. */
  readonly signal?: AbortSignal;
  /** A request whose key waits or runs already joins it. That run ends early only when all who joined have aborted. */
  readonly key?: string;
  /** Only on the engine that is there with this model: where it is not, `run` rejects (`isEngineGone`) instead of making one. */
  readonly isLoadedOnly?: boolean;
  /** Default 'main'. Who uses the other one calls `release` in the end. */
  readonly slot?: EngineSlot;
}

/** The engine was made anew for somebody else's model. */
export class EngineReplacedError extends Error {
  override readonly name = 'EngineReplacedError';

  constructor() {
    super('engine: has another model now');
  }
}

type HostedOptions = Pick<EngineOptions, 'backend' | 'thread' | 'detector'> &
  Pick<TurnTuning, 'maxFaces' | 'smoothing'>;

export interface EngineHostOptions {
  readonly create: CreateEngine;
  /**
   * What an engine is made with besides its model, and how turns are tuned that say nothing else; read at each turn. Another
   * backend, thread or detector needs another engine.
   */
  readonly engineOptions: () => HostedOptions;
  /** Id of the registry's first model, once that is known. */
  readonly firstModel: () => string | null;
}

/** Whether the engine is gone, through no fault of what was asked of it: the next request gets another. */
export function isEngineGone(thrown: unknown): boolean {
  if (thrown instanceof EngineReplacedError) return true;
  return (
    thrown instanceof EngineError && ['worker-failed', 'context-lost', 'unresponsive'].includes(thrown.code)
  );
}

type Use<T> = (engine: Engine, signal: AbortSignal) => Promise<T>;

interface Task {
  readonly id: string;
  readonly abort: AbortController;
  readonly done: Promise<unknown>;
  priority: number;
  /** Those who wait for it and have not aborted. */
  callers: number;
}

interface Loaded {
  readonly model: string | null;
  /** Backend, thread and detector that were asked for. */
  readonly fixed: string;
  readonly engine: Engine;
  readonly tuning: EngineTuning;
}

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

const priorities: Readonly<Record<EnginePriority, number>> = { batch: 0, viewed: 1, live: 2 };

/** The engine, unless the signal aborts first; one that is ready only then is disposed of. */
function orAborted(making: Promise<Engine>, signal: AbortSignal): Promise<Engine> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(signal.reason);
      making.then((engine) => engine.dispose()).catch(() => undefined);
    };
    signal.addEventListener('abort', leave, { once: true });
    making.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject);
  });
}

/** Of the options, what an engine keeps for as long as it lives. */
const fixedOf = ({ backend, thread, detector }: HostedOptions) => JSON.stringify([backend, thread, detector]);

/** What an engine is made with, and gets back for turns that ask for nothing else. */
const usualTuning = ({ maxFaces, smoothing }: HostedOptions): TurnTuning => ({
  ...{ maxFaces, smoothing },
  ...{ signals: false, gaze: false },
});

export class EngineHost {
  #progress = $state.raw<Progress | null>(null);
  readonly #queue = new PQueue({ concurrency: 1 });
  /** Tasks with a key, waiting or running. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen reads it
  readonly #keyed = new Map<string, Task>();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen reads it
  readonly #loaded = new Map<EngineSlot, Loaded>();
  /** The engine that is loaded is not to be used again. */
  #isDoubtful = false;
  #lastId = 0;
  #liveTurns = 0;

  constructor(private readonly options: EngineHostOptions) {}

  /** How far the engine is on its way; null while none is being made. */
  get progress(): Progress | null {
    return this.#progress;
  }

  /** Turns that live frames have had: who tracks something else sees by it that the engine's tracks are no longer its own. */
  get liveTurns(): number {
    return this.#liveTurns;
  }

  /**
   * Runs `use` on the engine with this model.
   * @throws what `use` throws, the signal's reason, and EngineError where no engine can be made
   */
  async run<T>(request: EngineRequest, use: Use<T>): Promise<T> {
    request.signal?.throwIfAborted();
    const priority = priorities[request.priority];
    const known = request.key === undefined ? undefined : this.#keyed.get(request.key);
    const task = known ?? this.#enqueue(request, priority, use);
    if (priority > task.priority) this.#raise(task, priority);
    return this.#follow(task, request.signal) as Promise<T>;
  }

  /**
   * The next request gets another engine: after a fault that may lie in the engine itself. One that is under way for somebody
   * else goes on.
   */
  discard(): void {
    this.#isDoubtful = true;
  }

  /** Frees the engine beside the app's own; a call that it is at gets a moment to end. */
  release(slot: 'beside'): void {
    this.#dispose(slot);
  }

  #dispose(slot: EngineSlot): void {
    // Not waited for: an engine that hangs must not hold up the next one.
    void this.#loaded
      .get(slot)
      ?.engine.dispose()
      .catch(() => undefined);
    this.#loaded.delete(slot);
    if (slot === 'main') this.#isDoubtful = false;
  }

  #enqueue(request: EngineRequest, priority: number, use: Use<unknown>): Task {
    const id = `${++this.#lastId}`;
    const abort = new AbortController();
    const { signal } = abort;
    const { slot = 'main' } = request;
    const work = async () => {
      signal.throwIfAborted();
      const loaded = request.isLoadedOnly
        ? this.#atHand(request.model, slot)
        : await this.#loadedWith(request.model, slot, signal);
      signal.throwIfAborted();
      if (request.priority === 'live') this.#liveTurns += 1;
      const turn = this.#tuned(loaded, request, signal).then((engine) => use(engine, signal));
      return this.#withLimit(turn, slot, MAX_TURN_MS[request.priority], signal);
    };
    const done = this.#queue.add(work, { id, priority });
    const task: Task = { id, abort, done, priority, callers: 0 };
    const { key } = request;
    if (key !== undefined) {
      this.#keyed.set(key, task);
      const forget = () => void (this.#keyed.get(key) === task && this.#keyed.delete(key));
      abort.signal.addEventListener('abort', forget);
      done.finally(forget).catch(() => undefined);
    }
    return task;
  }

  /** The engine, once it is tuned as the request says. */
  async #tuned(
    { engine, tuning }: Loaded,
    { tuning: wanted, onNoGaze }: EngineRequest,
    signal: AbortSignal,
  ): Promise<Engine> {
    const all = { ...usualTuning(this.options.engineOptions()), ...wanted };
    const thrown = await tuning.change(all, { signal });
    if (thrown) onNoGaze?.(thrown);
    signal.throwIfAborted();
    return engine;
  }

  /** Settles with the turn; gives the engine up when it lasts too long, so that those who wait get another. */
  #withLimit<T>(turn: Promise<T>, slot: EngineSlot, limitMs: number, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown) => {
        this.#dispose(slot);
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

  #raise(task: Task, priority: number): void {
    task.priority = priority;
    try {
      this.#queue.setPriority(task.id, priority);
    } catch {
      // It runs already.
    }
  }

  /** Settles with the task, or at once when the signal aborts. */
  #follow(task: Task, signal: AbortSignal | undefined): Promise<unknown> {
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

  /** @throws EngineError `worker-failed` where it was lost, EngineReplacedError where it has another model */
  #atHand(model: string | null, slot: EngineSlot): Loaded {
    const loaded = this.#loaded.get(slot);
    if (!loaded || loaded.engine.lost || this.#isInDoubt(slot))
      throw new EngineError('worker-failed', 'engine: was lost between two calls');
    if (!this.#isAtHand(loaded, model, fixedOf(this.options.engineOptions()), slot))
      throw new EngineReplacedError();
    return loaded;
  }

  async #loadedWith(model: string | null, slot: EngineSlot, signal: AbortSignal): Promise<Loaded> {
    const options = this.options.engineOptions();
    const fixed = fixedOf(options);
    const loaded = this.#loaded.get(slot);
    if (loaded && this.#isAtHand(loaded, model, fixed, slot)) return loaded;
    this.#dispose(slot);
    try {
      const making = this.options.create({
        ...options,
        ...{ model: model ?? undefined, signal },
        onProgress: (progress) => (this.#progress = progress),
      });
      const engine = await orAborted(making, signal);
      const tuning = new EngineTuning(engine, usualTuning(options));
      const made: Loaded = { model, fixed, engine, tuning };
      this.#loaded.set(slot, made);
      return made;
    } finally {
      this.#progress = null;
    }
  }

  #isInDoubt(slot: EngineSlot): boolean {
    return slot === 'main' && this.#isDoubtful;
  }

  #isAtHand(
    { model: loaded, fixed, engine }: Loaded,
    model: string | null,
    wanted: string,
    slot: EngineSlot,
  ): boolean {
    if (engine.lost || this.#isInDoubt(slot) || fixed !== wanted) return false;
    const first = this.options.firstModel();
    return loaded === model || (loaded ?? engine.info.manifest.id) === (model ?? first);
  }
}
