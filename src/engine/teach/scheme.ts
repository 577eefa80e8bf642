/** What a person named, as the scheme of a model. */

import { EngineError } from '../errors';
import type { TaughtScheme } from '../teach-types';
import type { Scheme } from '../types';

const MAX_POINTS = 200;

/**
 * @param meanShape one position per point, crop units; null where it is not known yet.
 * @throws EngineError `bad-option`, naming the part that is wrong.
 */
export function toScheme(scheme: TaughtScheme, meanShape: Scheme['meanFace']): Scheme {
  const { id, points, pairs, lines } = scheme;
  const fail = (what: string) => new EngineError('bad-option', `scheme ${id}: ${what}`);
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(id))
    throw new EngineError(
      'bad-option',
      'scheme: its id must be a short name of letters, digits, dots and dashes',
    );
  if (points.length < 1 || points.length > MAX_POINTS)
    throw fail(`needs 1 to ${MAX_POINTS} points, has ${points.length}`);
  if (points.some((name) => !name.trim())) throw fail('a point has no name');
  if (new Set(points).size !== points.length) throw fail('two points have the same name');
  const isPoint = (index: number) => Number.isInteger(index) && index >= 0 && index < points.length;
  const mirror = points.map((_, i) => i);
  for (const [one, other] of pairs) {
    if (!isPoint(one) || !isPoint(other) || one === other || mirror[one] !== one || mirror[other] !== other)
      throw fail(`points ${one} and ${other} make no pair`);
    mirror[one] = other;
    mirror[other] = one;
  }
  if (!lines.flat().every(isPoint)) throw fail('a line leads to a point that is not there');
  return {
    id,
    pointCount: points.length,
    names: points,
    groups: { points: points.map((_, i) => i) },
    edges: lines.flatMap((line) => line.slice(1).map((to, i) => [line[i], to] as const)),
    mirror,
    normalisingPair: null,
    eyes: null,
    meanFace: meanShape,
  };
}
