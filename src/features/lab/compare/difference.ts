/** Two models on one face: how far apart their points are. All functions are pure. */

import type { Points, Scheme } from '../../../engine/types';
import { faceSizePx } from '../matters/errors';

export interface RegionDifference {
  readonly region: string;
  readonly pointCount: number;
  /** Mean distance between the two models' points, % of the face. */
  readonly meanPct: number;
}

/** Points of the same name in both schemes: their indices in one and in the other. */
export function sharedPoints(one: Scheme, other: Scheme): readonly (readonly [number, number])[] {
  if (one.id === other.id) return one.names.map((_, i) => [i, i] as const);
  return one.names.flatMap((name, i) => {
    const at = other.names.indexOf(name);
    return at < 0 ? [] : [[i, at] as const];
  });
}

/** By the groups of the first scheme, then all together; none where the two share no point. */
export function differencesOf(
  [one, oneScheme]: readonly [Points<'image'>, Scheme],
  [other, otherScheme]: readonly [Points<'image'>, Scheme],
): readonly RegionDifference[] {
  const shared = sharedPoints(oneScheme, otherScheme);
  if (!shared.length) return [];
  const sizePx = faceSizePx(one, oneScheme);
  const distance = ([i, j]: readonly [number, number]) =>
    (100 * Math.hypot(one[2 * i] - other[2 * j], one[2 * i + 1] - other[2 * j + 1])) / sizePx;
  const row = (region: string, pairs: typeof shared): RegionDifference => ({
    region,
    pointCount: pairs.length,
    meanPct: pairs.reduce((sum, pair) => sum + distance(pair), 0) / pairs.length,
  });
  const groups = Object.entries(oneScheme.groups)
    .map(([region, indices]) => [region, shared.filter(([i]) => indices.includes(i))] as const)
    .filter(([, pairs]) => pairs.length > 0);
  return [...groups.map(([region, pairs]) => row(region, pairs)), row('all', shared)];
}

/** Mean spread, % of the face; null where the model does not tell. */
export function meanSpreadPct(
  points: Points<'image'>,
  spread: Float32Array | null,
  scheme: Scheme,
): number | null {
  if (!spread) return null;
  return (100 * spread.reduce((sum, value) => sum + value, 0)) / spread.length / faceSizePx(points, scheme);
}
