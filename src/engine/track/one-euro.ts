/**
 * The One-Euro filter (Casiez, Roussel and Vogel, CHI 2012) on the points of one face: points at rest are smoothed, moving
 * ones follow at once. Distances are counted in face sizes, so near and far faces are smoothed alike.
 */

import type { Points } from '../types';

export interface OneEuroSettings {
  /** Cut-off of a resting point, Hz. Lower is smoother. Infinity does not filter. */
  readonly restCutoffHz: number;
  /** Hz of cut-off gained per face size a second. Higher lags less. */
  readonly speedGain: number;
  /** Cut-off of the speed's own low-pass, Hz. */
  readonly speedCutoffHz: number;
}

/** Settings at no and at the strongest smoothing; in between they go by equal factors. */
const WEAKEST = { restCutoffHz: 12, speedGain: 160 } as const;
const STRONGEST = { restCutoffHz: 0.25, speedGain: 10 } as const;
const SPEED_CUTOFF_HZ = 2;

/**
 * A point that moves steadily lags by at most 1 / (2π · gain) face sizes, whatever its speed: with the default, 0.5, by
 * 0.4 %, which is below 1 % of the inter-ocular distance; with 1 by 1.6 %.
 * @param smoothing 0 (none) to 1 (strongest).
 */
export function oneEuroSettings(smoothing: number): OneEuroSettings {
  const between = (weakest: number, strongest: number) => weakest * (strongest / weakest) ** smoothing;
  return {
    restCutoffHz: smoothing <= 0 ? Infinity : between(WEAKEST.restCutoffHz, STRONGEST.restCutoffHz),
    speedGain: between(WEAKEST.speedGain, STRONGEST.speedGain),
    speedCutoffHz: SPEED_CUTOFF_HZ,
  };
}

export interface OneEuro {
  /**
   * @param points raw points; they stay as they are.
   * @param timeMs time of the frame. A time that does not rise starts the filter anew.
   * @param faceSizePx size of the face, in the units of the points; above 0.
   * @returns a new array.
   */
  filter<S extends 'image'>(points: Points<S>, timeMs: number, faceSizePx: number): Points<S>;
  tune(settings: OneEuroSettings): void;
  reset(): void;
}

export function createOneEuro(first: OneEuroSettings): OneEuro {
  let settings = first;
  let lastMs = Number.NaN;
  let filtered = new Float32Array(0);
  let raw = new Float32Array(0);
  let speed = new Float32Array(0);

  function start(points: Float32Array, timeMs: number): Float32Array {
    lastMs = timeMs;
    filtered = Float32Array.from(points);
    raw = Float32Array.from(points);
    speed = new Float32Array(points.length);
    return Float32Array.from(points);
  }

  return {
    filter(points, timeMs, faceSizePx) {
      const seconds = (timeMs - lastMs) / 1000;
      if (!(seconds > 0) || points.length !== filtered.length) return start(points, timeMs);
      const speedShare = share(settings.speedCutoffHz, seconds);
      for (let i = 0; i < points.length; i += 2) {
        for (let axis = i; axis < i + 2; axis++) {
          const current = (points[axis] - raw[axis]) / (seconds * faceSizePx);
          speed[axis] += speedShare * (current - speed[axis]);
        }
        // One cut-off for both axes: a point that moves sideways must not be held in its height.
        const cutoffHz = settings.restCutoffHz + settings.speedGain * Math.hypot(speed[i], speed[i + 1]);
        const pointShare = share(cutoffHz, seconds);
        filtered[i] += pointShare * (points[i] - filtered[i]);
        filtered[i + 1] += pointShare * (points[i + 1] - filtered[i + 1]);
      }
      raw.set(points);
      lastMs = timeMs;
      return Float32Array.from(filtered);
    },
    tune(next) {
      settings = next;
    },
    reset() {
      lastMs = Number.NaN;
    },
  };
}

/** How much of the new value an exponential low-pass takes: 1 at an infinite cut-off. */
function share(cutoffHz: number, seconds: number): number {
  if (cutoffHz === Infinity) return 1;
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHz * seconds));
}
