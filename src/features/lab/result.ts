/** What was found in a picture, as the overlay draws it. */

import type { Result } from '../../engine/types';
import type { Look } from './follower';

const noTimings = { detectMs: 0, cropMs: 0, networkMs: 0, readBackMs: 0, filterMs: 0, totalMs: 0 };

export function resultOf(look: Look | null): Result | null {
  if (!look) return null;
  const { inspection, width, height } = look;
  const { points, spread, presence } = inspection;
  const face = { points, spread, score: presence ?? 1, id: 1, box: { x: 0, y: 0, width: 0, height: 0 } };
  return { timeMs: 0, faces: [face], timings: noTimings, width, height };
}
