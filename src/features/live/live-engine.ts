/** What the live view asks of the engine: to be ready, to track a frame, to follow what was changed. */

import type { Engine } from '../../engine';
import type { EngineInfo, EngineMemory, Progress, Tuning } from '../../engine/types';
import type { EngineHost } from '../../services/engine-host.svelte';
import { tuneEngine } from '../../services/tune-engine';
import type { TrackFrame } from './loop';

export class LiveEngine {
  /** Of the engine that tracked last; it may have had to move to another backend. */
  info: EngineInfo | null = null;
  /** What it was last asked for, and has done. */
  #asked: Tuning = {};
  #tuned: Tuning = {};

  /** @param tuning what is wanted now. @param onNoGaze gaze was wanted and cannot be had: why */
  constructor(
    private readonly host: EngineHost,
    private readonly tuning: () => Tuning & { readonly signals: boolean; readonly gaze: boolean },
    private readonly onNoGaze: (thrown: unknown) => void = () => undefined,
  ) {}

  get progress(): Progress | null {
    return this.host.progress;
  }

  /** Whether the faces of the next result carry signals, where the model has any. */
  get givesSignals(): boolean {
    return this.#tuned.signals ?? false;
  }

  /** Whether signals or gaze are wanted that it was not asked for yet, or the other way round. */
  get isBehind(): boolean {
    const { signals, gaze } = this.tuning();
    return (this.#asked.signals ?? false) !== signals || (this.#asked.gaze ?? false) !== gaze;
  }

  /** The engine with that model, without anything of what it followed before. */
  prepare(model: string | null, signal: AbortSignal): Promise<EngineInfo> {
    return this.host.run({ model, priority: 'live', signal }, async (engine, inner) => {
      // As they are now: they may have changed while the engine was made.
      const tuning = (this.#asked = this.tuning());
      await engine.reset({ signal: inner });
      await this.#tune(engine, tuning, inner);
      return (this.info = engine.info);
    });
  }

  /** Tracks on the engine that is there with this model. */
  track(model: string | null, signal: AbortSignal): TrackFrame {
    return (grab, timeMs) =>
      this.host.run({ model, priority: 'live', signal, isLoadedOnly: true }, async (engine, inner) => {
        const result = await engine.track(await grab(), timeMs, { signal: inner });
        this.info = engine.info;
        return result;
      });
  }

  async tune(model: string | null, signal: AbortSignal): Promise<void> {
    const tuning = (this.#asked = this.tuning());
    await this.host.run({ model, priority: 'live', signal, isLoadedOnly: true }, (engine, inner) =>
      this.#tune(engine, tuning, inner),
    );
  }

  async #tune(engine: Engine, tuning: Tuning, signal: AbortSignal): Promise<void> {
    const thrown = await tuneEngine(engine, tuning, { signal });
    this.#tuned = tuning;
    if (thrown) this.onNoGaze(thrown);
  }

  /** The faces in view are at rest now: their movements are measured by that. */
  async calibrate(model: string | null, signal: AbortSignal): Promise<void> {
    await this.host.run({ model, priority: 'live', signal, isLoadedOnly: true }, (engine, inner) =>
      engine.calibrate({ signal: inner }),
    );
  }

  memory(model: string | null): Promise<EngineMemory> {
    return this.host.run({ model, priority: 'live' }, (engine) => engine.memory());
  }

  /** The next request gets another engine. */
  discard(): void {
    this.host.discard();
  }
}
