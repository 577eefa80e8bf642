/**
 * The way to the engine, of which the whole app has one: whoever wants it waits for his turn, and while another page needs
 * it. Without turns, two models wanted at the same time would throw each other out.
 */

import type { Engine, Progress } from '../engine/types';

/** Hands out the engine with a model of the registry, made for the purpose where it is not the one at hand. */
export type LoadEngine = (model: string, onProgress: (progress: Progress) => void) => Promise<Engine>;

export class EngineDoor {
  /** How far the engine is on its way; null while nobody waits for it. */
  progress = $state.raw<Progress | null>(null);

  #last: Promise<unknown> = Promise.resolve();
  #isOpen = false;
  #waiting: (() => void)[] = [];

  constructor(private readonly load: LoadEngine) {}

  /** Closed to begin with. A use that has begun is not broken off by closing. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (!isOpen) return;
    this.#waiting.forEach((go) => go());
    this.#waiting = [];
  }

  async whenOpen(): Promise<void> {
    while (!this.#isOpen) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Runs on the engine with this model, after those who came before.
   * @param signal of one who may not want his turn any more when it comes
   * @throws EngineError when there is no engine, the signal's reason, and what `run` throws
   */
  use<T>(model: string, run: (engine: Engine) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const done = this.#last.then(() => {
      signal?.throwIfAborted();
      return this.#use(model, run, signal);
    });
    this.#last = done.catch(() => {});
    return done;
  }

  async #use<T>(
    model: string,
    run: (engine: Engine) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    await this.whenOpen();
    const engine = await this.#loaded(model);
    try {
      return await run(engine);
    } catch (thrown) {
      // Another page made itself another engine meanwhile, or its worker died; this one is not coming back.
      if (!engine.lost || signal?.aborted) throw thrown;
      await this.whenOpen();
      return run(await this.#loaded(model));
    }
  }

  async #loaded(model: string): Promise<Engine> {
    try {
      return await this.load(model, (progress) => (this.progress = progress));
    } finally {
      this.progress = null;
    }
  }
}
