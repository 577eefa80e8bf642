/** What a face did in the last 30 s. Plain, not reactive: the strips read it when they draw. */

import type { Signals } from '../../../engine/types';
import type { SignalKind } from '../../../shared/format/signal-kinds';

export const HISTORY_MS = 30_000;

/** A longer time between two frames, such as a freeze, is left open in the strip. A slow machine reads a frame a second. */
const GAP_MS = 3000;

interface Moment {
  readonly timeMs: number;
  /** Null: no face, or another one. */
  readonly signals: Signals | null;
}

/** For uPlot: times in s before the newest frame (−30..0) and the values at them, null where there is a gap. */
export type Strip = [x: number[], y: (number | null)[]];

export class SignalHistory {
  #moments: Moment[] = [];

  /** Changes whenever there is more to draw. */
  get newestMs(): number {
    return this.#moments.at(-1)?.timeMs ?? 0;
  }

  add(timeMs: number, signals: Signals | null): void {
    const last = this.#moments.at(-1);
    // A clock that was set back, as with another source: what came before belongs to another time.
    if (last && timeMs < last.timeMs) this.#moments = [];
    else if (last && timeMs - last.timeMs > GAP_MS)
      this.#moments.push({ timeMs: last.timeMs, signals: null });
    this.#moments.push({ timeMs, signals });
    const from = this.#moments.findIndex((moment) => moment.timeMs >= timeMs - HISTORY_MS);
    if (from > 0) this.#moments.splice(0, from);
  }

  /** Leaves the strip open here: what comes next is another face. */
  cut(): void {
    const last = this.#moments.at(-1);
    if (last?.signals) this.#moments.push({ timeMs: last.timeMs, signals: null });
  }

  strip(kind: SignalKind): Strip {
    const { newestMs } = this;
    return [
      this.#moments.map(({ timeMs }) => (timeMs - newestMs) / 1000),
      this.#moments.map(({ signals }) => (signals ? (kind.read(signals) ?? null) : null)),
    ];
  }
}
