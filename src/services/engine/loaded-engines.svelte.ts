/**
 * The app's engine, and the second one that stands beside it while two models are compared. Each is made when it is first wanted, and
 * made anew for another model or after it was lost.
 */

import { EngineError } from '../../engine/errors';
import type { Engine } from '../../engine';
import type { EngineOptions, Progress } from '../../engine/types';
import { EngineReplacedError } from './engine-gone';
import { EngineTuning, usualTuning, type TurnTuning } from './tune-engine';

export type CreateEngine = (options: EngineOptions) => Promise<Engine>;

/** The app's engine, or the second one. */
export type EngineSlot = 'main' | 'beside';

type HostedOptions = Pick<EngineOptions, 'backend' | 'thread' | 'detector'> &
  Pick<TurnTuning, 'maxFaces' | 'smoothing'>;

export interface EngineMaking {
  readonly create: CreateEngine;
  /**
   * What an engine is made with besides its model, and how turns are tuned that say nothing else; read at each turn. Another
   * backend, thread or detector needs another engine.
   */
  readonly engineOptions: () => HostedOptions;
  /** Id of the registry's first model, once that is known. */
  readonly firstModel: () => string | null;
}

export interface Loaded {
  /** Id of the model that was asked for; null: the registry's first. */
  readonly model: string | null;
  /** Backend, thread and detector that were asked for. */
  readonly fixed: string;
  readonly engine: Engine;
  readonly tuning: EngineTuning;
}

export class LoadedEngines {
  #progress = $state.raw<Progress | null>(null);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen reads it
  readonly #loaded = new Map<EngineSlot, Loaded>();
  /** The app's engine is not to be used again. */
  #isDoubtful = false;

  constructor(private readonly making: EngineMaking) {}

  /** How far the engine is on its way; null while none is being made. */
  get progress(): Progress | null {
    return this.#progress;
  }

  /**
   * The engine that is there with this model.
   * @throws EngineError `worker-failed` where it was lost, EngineReplacedError where it has another model
   */
  atHand(model: string | null, slot: EngineSlot): Loaded {
    const loaded = this.#loaded.get(slot);
    if (!loaded || loaded.engine.lost || this.#isInDoubt(slot))
      throw new EngineError('worker-failed', 'engine: was lost between two calls');
    if (!this.#serves(loaded, model, fixedOf(this.making.engineOptions()), slot))
      throw new EngineReplacedError();
    return loaded;
  }

  /** The engine with this model, made where it is not there. @throws what `create` throws, and the signal's reason */
  async load(model: string | null, slot: EngineSlot, signal: AbortSignal): Promise<Loaded> {
    const options = this.making.engineOptions();
    const fixed = fixedOf(options);
    const loaded = this.#loaded.get(slot);
    if (loaded && this.#serves(loaded, model, fixed, slot)) return loaded;
    this.dispose(slot);
    try {
      const creating = this.making.create({
        ...options,
        ...{ model: model ?? undefined, signal },
        onProgress: (progress) => (this.#progress = progress),
      });
      const engine = await orAborted(creating, signal);
      const tuning = new EngineTuning(engine, usualTuning(options));
      const made: Loaded = { model, fixed, engine, tuning };
      this.#loaded.set(slot, made);
      return made;
    } finally {
      this.#progress = null;
    }
  }

  /** The app's engine is made anew for who wants it next. Who has it goes on with it. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  dispose(slot: EngineSlot): void {
    // Not waited for: an engine that hangs must not hold up the next one.
    void this.#loaded
      .get(slot)
      ?.engine.dispose()
      .catch(() => undefined);
    this.#loaded.delete(slot);
    if (slot === 'main') this.#isDoubtful = false;
  }

  #isInDoubt(slot: EngineSlot): boolean {
    return slot === 'main' && this.#isDoubtful;
  }

  #serves(
    { model: loaded, fixed, engine }: Loaded,
    model: string | null,
    wanted: string,
    slot: EngineSlot,
  ): boolean {
    if (engine.lost || this.#isInDoubt(slot) || fixed !== wanted) return false;
    const first = this.making.firstModel();
    return loaded === model || (loaded ?? engine.info.manifest.id) === (model ?? first);
  }
}

/** The engine, unless the signal aborts first; one that is ready only then is disposed of. */
function orAborted(creating: Promise<Engine>, signal: AbortSignal): Promise<Engine> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      reject(signal.reason);
      creating.then((engine) => engine.dispose()).catch(() => undefined);
    };
    signal.addEventListener('abort', leave, { once: true });
    creating.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject);
  });
}

/** Of the options, what an engine keeps for as long as it lives. */
const fixedOf = ({ backend, thread, detector }: HostedOptions) => JSON.stringify([backend, thread, detector]);
