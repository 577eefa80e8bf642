/** What the live view asks of the engine: to be ready, and to track a frame as is wanted by then. */

import type { Engine } from '../../engine';
import type { EngineInfo, EngineMemory, Progress } from '../../engine/types';
import type { EngineHost, EngineRequest } from '../../services/engine/engine-host';
import type { TurnTuning } from '../../services/engine/tune-engine';
import type { TrackFrame } from './loop';

export class LiveEngine {
  /** Of the engine that tracked last; it may have had to move to another backend. */
  info: EngineInfo | null = null;
  #givesSignals = false;

  /** @param tuning what is wanted now. @param onNoGaze gaze was wanted and cannot be had: why */
  constructor(
    private readonly host: EngineHost,
    private readonly tuning: () => Omit<TurnTuning, 'newcomerIntervalMs'>,
    private readonly onNoGaze: (thrown: unknown) => void = () => undefined,
  ) {}

  get progress(): Progress | null {
    return this.host.progress;
  }

  /** Whether the faces of the newest result carry signals, where the model has any. */
  get givesSignals(): boolean {
    return this.#givesSignals;
  }

  /** The engine with that model, without anything of what it followed before. */
  prepare(model: string | null, signal: AbortSignal): Promise<EngineInfo> {
    return this.#run({ model, signal }, async (engine, inner) => {
      await engine.reset({ signal: inner });
      return (this.info = engine.info);
    });
  }

  /** Tracks on the engine that is there with this model. */
  track(model: string | null, signal: AbortSignal): TrackFrame {
    return async (grab, timeMs) => {
      const tuning = this.tuning();
      const result = await this.#run({ model, signal, isLoadedOnly: true, tuning }, async (engine, inner) => {
        const tracked = await engine.track(await grab(), timeMs, { signal: inner });
        this.info = engine.info;
        return tracked;
      });
      this.#givesSignals = tuning.signals;
      return result;
    };
  }

  /** The faces in view are at rest now: their movements are measured by that. */
  async calibrate(model: string | null, signal: AbortSignal): Promise<void> {
    await this.#run({ model, signal, isLoadedOnly: true }, (engine, inner) =>
      engine.calibrate({ signal: inner }),
    );
  }

  memory(model: string | null): Promise<EngineMemory> {
    return this.#run({ model }, (engine) => engine.memory());
  }

  /** The next request gets another engine. */
  discard(): void {
    this.host.discard();
  }

  #run<T>(
    request: Omit<EngineRequest, 'priority'>,
    use: (engine: Engine, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { tuning, onNoGaze } = this;
    return this.host.run({ priority: 'live', tuning: tuning(), onNoGaze, ...request }, use);
  }
}
