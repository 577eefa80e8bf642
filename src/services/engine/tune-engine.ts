/**
 * The tuning of the app's engines. Each turn runs under its own, whatever the turn before it wanted: an engine is told only where it
 * has another.
 */

import type { Engine } from '../../engine';
import { DEFAULT_NEWCOMER_INTERVAL_MS } from '../../engine/options';
import type { CallOptions, Tuning } from '../../engine/types';

/** What turns may differ in. */
export type TurnTuning = Required<Omit<Tuning, 'fieldOfViewDeg'>>;

/** What an engine is made with, and gets back for turns that ask for nothing else. */
export const usualTuning = ({
  maxFaces,
  smoothing,
}: Pick<TurnTuning, 'maxFaces' | 'smoothing'>): TurnTuning => ({
  ...{ maxFaces, smoothing },
  ...{ signals: false, gaze: false, newcomerIntervalMs: DEFAULT_NEWCOMER_INTERVAL_MS },
});

const names = ['maxFaces', 'smoothing', 'signals', 'gaze', 'newcomerIntervalMs'] as const;

export class EngineTuning {
  /** What the engine has; null after a change that broke off. */
  #now: TurnTuning | null;

  constructor(
    private readonly engine: Pick<Engine, 'tune' | 'lost'>,
    first: TurnTuning,
  ) {
    this.#now = first;
  }

  /**
   * Without gaze where that is what fails, as without a connection: everything else works without it.
   * @returns why there is no gaze, or null
   * @throws what `Engine.tune` throws for any other reason
   */
  async change(wanted: TurnTuning, options: CallOptions): Promise<unknown> {
    const now = this.#now;
    if (now && names.every((name) => now[name] === wanted[name])) return null;
    this.#now = null;
    try {
      await this.engine.tune(wanted, options);
      this.#now = wanted;
      return null;
    } catch (thrown) {
      if (!wanted.gaze || options.signal?.aborted || this.engine.lost) throw thrown;
      await this.change({ ...wanted, gaze: false }, options);
      return thrown;
    }
  }
}
