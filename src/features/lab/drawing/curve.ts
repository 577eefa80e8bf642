/** Where the parts of a curve lie in its picture, SVG units. */

export interface Curve {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** An x that stands out; null: none. */
  readonly mark: number | null;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Plot {
  /** The `d` of its path. */
  readonly line: string;
  readonly dots: readonly (readonly [x: number, y: number])[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly markX: number | null;
}

export const frame = { width: 560, height: 280, left: 52, right: 544, top: 34, bottom: 236 } as const;

/** The next of 1, 2, 5, 10, … from `value` on. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * (1 - 1e-9)) ?? 10 * power;
}

export function plotCurve({ points, mark }: Pick<Curve, 'points' | 'mark'>): Plot {
  const { left, right, top, bottom } = frame;
  const xs = points.map(([x]) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const highest = niceTop(Math.max(...points.map(([, y]) => y)));
  const toX = (x: number) => round(left + ((x - low) / (high - low || 1)) * (right - left));
  const toY = (y: number) => round(bottom - (y / highest) * (bottom - top));
  const dots = points.map(([x, y]) => [toX(x), toY(y)] as const);
  return {
    line: dots.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join(''),
    dots,
    xTicks: [low, (low + high) / 2, high].map((x) => ({ at: toX(x), label: label(x) })),
    yTicks: [0, 0.25, 0.5, 0.75, 1].map((part) => ({
      at: toY(part * highest),
      label: label(part * highest),
    })),
    markX: mark === null ? null : toX(mark),
  };
}

const round = (value: number) => Math.round(10 * value) / 10;
const label = (value: number) => String(Number(value.toPrecision(3)));
