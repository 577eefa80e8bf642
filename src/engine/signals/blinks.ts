/** Blinks of one eye out of how wide it is over time: it becomes narrower than it was just before, and wide again soon. */

import { lowPassShare } from './running';

/**
 * An eye that is narrower than this, over what it was just before, has shut. Networks rarely see more than half of it: of a
 * portrait whose lids were drawn shut, resnet-lite leaves 0.58.
 */
const SHUT = 0.7;
/** One that is as wide is open, or open again: between the two nothing is decided. */
const OPEN = 0.83;
/** An eye that stays narrow for longer does not blink, ms: it squints, looks down or is shut. */
export const MAX_BLINK_MS = 600;
/** Frames further apart than this tell nothing of what happened in between, ms. */
const MAX_GAP_MS = 200;
/** How fast the width of the open eye is followed, time constants in ms: eyes that widen were not wholly open. */
const WIDER_MS = 100;
const NARROWER_MS = 700;

/** An eye that shut and opened again. */
export interface Closure {
  /** The last frame in which it was open. */
  readonly startMs: number;
  readonly durationMs: number;
  /** The least width. */
  readonly width: number;
  /** The width just before. */
  readonly openWidth: number;
}

export interface BlinkDetector {
  /**
   * @param width of the eye, in any unit; null where it is not seen.
   * @returns the closure that ended with this frame.
   */
  next(width: number | null, timeMs: number): Closure | null;
}

export function createBlinkDetector(): BlinkDetector {
  let lastMs = Number.NaN;
  let open = Number.NaN;
  /** Since when it has not been open. */
  let startMs: number | null = null;
  let least = Infinity;

  function start(width: number): null {
    open = width;
    startMs = null;
    least = Infinity;
    return null;
  }

  return {
    next(width, timeMs) {
      const fromMs = lastMs;
      const elapsedMs = timeMs - fromMs;
      lastMs = width === null ? Number.NaN : timeMs;
      if (width === null || !(elapsedMs > 0 && elapsedMs <= MAX_GAP_MS)) return start(width ?? Number.NaN);
      if (width < OPEN * open) {
        startMs ??= fromMs;
        least = Math.min(least, width);
        return timeMs - startMs > MAX_BLINK_MS ? start(width) : null;
      }
      const closure =
        startMs !== null && least < SHUT * open && timeMs - startMs <= MAX_BLINK_MS
          ? { startMs, durationMs: timeMs - startMs, width: least, openWidth: open }
          : null;
      startMs = null;
      least = Infinity;
      open += lowPassShare(elapsedMs, width > open ? WIDER_MS : NARROWER_MS) * (width - open);
      return closure;
    },
  };
}
