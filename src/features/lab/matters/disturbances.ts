/** The disturbances of the Lab: their ranges, and the grid of an occlusion map. All functions are pure. */

import type { Disturbance } from '../../../engine/inspect/types';
import type { DisturbanceKind } from '../view';

export interface Range {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** Where the face is undisturbed. */
  readonly rest: number;
  readonly words: (amount: number) => string;
}

type Graded = Exclude<DisturbanceKind, 'patch'>;

export const ranges: Readonly<Record<Graded, Range>> = {
  turn: { title: 'Turn', low: -60, high: 60, step: 1, rest: 0, words: (amount) => `${amount}°` },
  scale: {
    title: 'Scale',
    low: 0.5,
    high: 1.7,
    step: 0.01,
    rest: 1,
    words: (amount) => `${amount.toFixed(2)} ×`,
  },
  blur: {
    title: 'Blur',
    low: 0,
    high: 6,
    step: 0.1,
    rest: 0,
    words: (amount) => `σ ${amount.toFixed(1)} px`,
  },
  dark: {
    title: 'Dark',
    low: 0.02,
    high: 1,
    step: 0.01,
    rest: 1,
    words: (amount) => `${Math.round(100 * amount)} % light`,
  },
  noise: {
    title: 'Noise',
    low: 0,
    high: 0.5,
    step: 0.01,
    rest: 0,
    words: (amount) => `σ ${Math.round(100 * amount)} %`,
  },
};

/** The same noise each time, so that a curve is not another one when it is drawn again. */
const SEED = 1;

export function disturbanceOf(kind: Graded, amount: number): Disturbance {
  switch (kind) {
    case 'turn':
      return { kind, degrees: amount };
    case 'scale':
    case 'dark':
      return { kind, factor: amount };
    case 'blur':
      return { kind, sigmaPx: amount };
    case 'noise':
      return { kind, sigma: amount, seed: SEED };
  }
}

/** Amounts of a curve, from the lowest to the highest; where the face is undisturbed is among them. */
export function amountsOf(kind: Graded, count: number): number[] {
  const { low, high, rest } = ranges[kind];
  const amounts = Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  const nearest = amounts.reduce(
    (best, amount, i) => (Math.abs(amount - rest) < Math.abs(amounts[best] - rest) ? i : best),
    0,
  );
  return amounts.with(nearest, rest);
}

/** Cells a side of an occlusion map, and the side of the patch as a share of the crop. */
export const OCCLUSION = { cells: 14, side: 0.16 } as const;

/** A patch over the middle of each cell, row by row. */
export function patches(): Disturbance[] {
  const { cells, side } = OCCLUSION;
  return Array.from({ length: cells * cells }, (_, i) => ({
    kind: 'patch' as const,
    x: ((i % cells) + 0.5) / cells,
    y: (Math.floor(i / cells) + 0.5) / cells,
    side,
  }));
}
