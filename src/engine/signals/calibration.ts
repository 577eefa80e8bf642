/** The time in which a person shows something on request: a relaxed face, eyes that look into the camera. */

/** How long it lasts, ms. */
export const CALIBRATION_MS = 1000;

export interface Calibration {
  /** It begins with the next frame. */
  ask(): void;
  /** Whether the frame of that time is part of it, and its first. A clock that is set back begins it anew. */
  next(timeMs: number): 'over' | 'first' | 'going';
  /** One that is as far, and goes on by itself. */
  copy(): Calibration;
}

type State = 'over' | 'asked' | { readonly fromMs: number };

export function createCalibration(state: State = 'over'): Calibration {
  return {
    ask() {
      state = 'asked';
    },
    next(timeMs) {
      if (state === 'over') return 'over';
      if (state === 'asked') {
        state = { fromMs: timeMs };
        return 'first';
      }
      if (timeMs < state.fromMs) state = { fromMs: timeMs };
      if (timeMs - state.fromMs < CALIBRATION_MS) return 'going';
      state = 'over';
      return 'over';
    },
    copy: () => createCalibration(state),
  };
}
