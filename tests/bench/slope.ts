/** How much a line through points rises. */

/** Of the least-squares line. @param points x and y, at least two different x */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const across = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (across === 0) throw new Error(`slope: ${points.length} points at one place tell none`);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / across;
}
