/** Holds the one engine of the app: made once for each wish, shared by all who wish the same, disposed of when replaced. */

import type { Engine, EngineOptions, Progress } from '../engine/types';

export type CreateEngine = (options: EngineOptions) => Promise<Engine>;

/** What makes another engine necessary; the rest of the options can be tuned. */
export interface EngineWish extends Pick<EngineOptions, 'backend' | 'thread'> {
  /** Its id; undefined = the first in the registry. */
  readonly model?: string;
}

const keyOf = ({ model, backend, thread }: EngineWish) => JSON.stringify([model, backend, thread]);

export class EngineKeeper {
  #key = '';
  #loading: Promise<Engine> | null = null;
  /** The one that was made, once it is. */
  #engine: Engine | null = null;
  /** Those who wait for the engine that is being made. */
  #listeners: ((progress: Progress) => void)[] = [];

  constructor(private readonly create: CreateEngine) {}

  /**
   * The engine for this wish; one that failed or was lost is forgotten, so that asking again tries again.
   * @param onProgress is told about it also when somebody else asked first
   */
  async load(
    wish: EngineWish,
    tuning: Pick<EngineOptions, 'maxFaces' | 'smoothing'>,
    onProgress: (progress: Progress) => void,
  ): Promise<Engine> {
    const key = keyOf(wish);
    if (this.#engine?.lost) this.drop();
    if (this.#loading && key === this.#key) {
      this.#listeners.push(onProgress);
      return this.#loading;
    }
    this.drop();
    this.#key = key;
    this.#listeners = [onProgress];
    const loading: Promise<Engine> = this.create({
      ...wish,
      ...tuning,
      onProgress: (progress) => {
        if (this.#loading === loading) for (const listener of this.#listeners) listener(progress);
      },
    });
    this.#loading = loading;
    try {
      const engine = await loading;
      if (this.#loading === loading) this.#engine = engine;
      return engine;
    } catch (thrown) {
      if (this.#loading === loading) this.#loading = null;
      throw thrown;
    }
  }

  /** Disposes of the engine, also of one that is still being made. */
  drop(): void {
    this.#loading?.then((engine) => engine.dispose()).catch(() => undefined);
    this.#loading = null;
    this.#engine = null;
  }
}
