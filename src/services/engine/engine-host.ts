/**
 * The way to the app's one engine, and to a second while two models are compared. One thing is done at a time: a live frame before the
 * picture that is viewed, that one before the batch.
 */

import type { Engine } from '../../engine';
import type { Progress } from '../../engine/types';
import { LoadedEngines, type EngineMaking, type EngineSlot, type Loaded } from './loaded-engines.svelte';
import { usualTuning, type TurnTuning } from './tune-engine';
import { MAX_TURN_MS, withLimit, type EnginePriority } from './turn-limit';
import { TurnQueue, type Turn } from './turn-queue';

export interface EngineRequest extends Pick<Turn, 'signal' | 'key'> {
  /** Id of the model; null: the registry's first. */
  readonly model: string | null;
  readonly priority: EnginePriority;
  /** What its turn runs under, where that is not the usual (`engineOptions`, without signals and gaze). */
  readonly tuning?: Partial<TurnTuning>;
  /** The turn runs without the gaze that `tuning` asks for, because of this. Asking again tries again. */
  readonly onNoGaze?: (thrown: unknown) => void;
  /** Only on the engine that is there with this model: where it is not, `run` rejects (`isEngineGone`) instead of making one. */
  readonly isLoadedOnly?: boolean;
  /** Default 'main'. Who uses the other one calls `release` in the end. */
  readonly slot?: EngineSlot;
}

type Use<T> = (engine: Engine, signal: AbortSignal) => Promise<T>;

const priorities: Readonly<Record<EnginePriority, number>> = { batch: 0, viewed: 1, live: 2 };

export class EngineHost {
  readonly #queue = new TurnQueue();
  readonly #engines: LoadedEngines;
  #liveTurns = 0;

  constructor(private readonly making: EngineMaking) {
    this.#engines = new LoadedEngines(making);
  }

  /** How far the engine is on its way; null while none is being made. */
  get progress(): Progress | null {
    return this.#engines.progress;
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
    const { model, slot = 'main', priority, signal, key } = request;
    return this.#queue.run({ priority: priorities[priority], signal, key }, async (inner) => {
      const loaded = request.isLoadedOnly
        ? this.#engines.atHand(model, slot)
        : await this.#engines.load(model, slot, inner);
      inner.throwIfAborted();
      if (priority === 'live') this.#liveTurns += 1;
      const turn = this.#tuned(loaded, request, inner).then((engine) => use(engine, inner));
      // Those who wait get another engine.
      return withLimit(turn, MAX_TURN_MS[priority], inner, () => this.#engines.dispose(slot));
    });
  }

  /**
   * The next request gets another engine: after a fault that may lie in the engine itself. One that is under way for somebody
   * else goes on.
   */
  discard(): void {
    this.#engines.doubt();
  }

  /** Frees the engine beside the app's own; a call that it is at gets a moment to end. */
  release(slot: 'beside'): void {
    this.#engines.dispose(slot);
  }

  /** The engine, once it is tuned as the request says. */
  async #tuned(
    { engine, tuning }: Loaded,
    { tuning: wanted, onNoGaze }: EngineRequest,
    signal: AbortSignal,
  ): Promise<Engine> {
    const all = { ...usualTuning(this.making.engineOptions()), ...wanted };
    const thrown = await tuning.change(all, { signal });
    if (thrown) onNoGaze?.(thrown);
    signal.throwIfAborted();
    return engine;
  }
}
