/** Numbers of a network in few letters. */

/** `18.5 k`, `105 M`. */
export function formatAmount(count: number): string {
  if (count < 1000) return String(count);
  const [value, unit] = count < 1e6 ? [count / 1e3, 'k'] : [count / 1e6, 'M'];
  return `${value.toPrecision(value < 100 ? 2 : 3).replace(/e.*$/, '')} ${unit}`;
}

/** `32 × 32 × 64`: height, width, channels. */
export const formatShape = (shape: readonly number[]): string => shape.join(' × ');

export const formatMs = (ms: number): string => (ms < 0.005 ? '0' : ms.toFixed(ms < 10 ? 2 : 1));
