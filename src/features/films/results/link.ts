/** Joins tracks that were lost for a moment, by place and size alone: nobody is recognised. */

import { centreOf, largerSide } from '../../../engine/geometry';
import type { Segment } from './segments';

/** A face that is unseen for longer is somebody new. */
export const MAX_GAP_MS = 2000;
/** How far it may have moved meanwhile, in sides of its box. */
const MAX_DISTANCE = 1.2;
/** By which factor its size may have changed. */
const MAX_SIZE_RATIO = 1.6;

interface Link {
  readonly from: number;
  readonly to: number;
  readonly cost: number;
}

/**
 * @returns the person of each track, numbered from 1 by first appearance. Tracks of different shots are never joined.
 */
export function linkTracks(segments: readonly Segment[]): Map<number, number> {
  const links = segments
    .flatMap((from) => segments.flatMap((to) => linkOf(from, to) ?? []))
    .sort((one, other) => one.cost - other.cost);
  const before = new Map<number, number>();
  const continued = new Set<number>();
  for (const { from, to } of links) {
    if (before.has(to) || continued.has(from)) continue;
    before.set(to, from);
    continued.add(from);
  }
  const people = new Map<number, number>();
  const inOrder = [...segments].sort(
    (one, other) => one.firstFrame - other.firstFrame || one.track - other.track,
  );
  let count = 0;
  for (const { track } of inOrder) {
    const earlier = before.get(track);
    people.set(track, (earlier !== undefined && people.get(earlier)) || ++count);
  }
  return people;
}

/** Null where the second track cannot go on with the face of the first. */
function linkOf(from: Segment, to: Segment): Link | null {
  const gapMs = to.firstMs - from.lastMs;
  if (from === to || from.shot !== to.shot || to.firstFrame <= from.lastFrame || gapMs > MAX_GAP_MS)
    return null;
  const [sizeBefore, sizeAfter] = [largerSide(from.lastBox), largerSide(to.firstBox)];
  const [a, b] = [centreOf(from.lastBox), centreOf(to.firstBox)];
  const distance = Math.hypot(a.x - b.x, a.y - b.y) / Math.max(sizeBefore, sizeAfter);
  const ratio = Math.max(sizeBefore / sizeAfter, sizeAfter / sizeBefore);
  if (!(distance <= MAX_DISTANCE && ratio <= MAX_SIZE_RATIO)) return null;
  return { from: from.track, to: to.track, cost: distance + Math.log(ratio) + gapMs / MAX_GAP_MS / 10 };
}
