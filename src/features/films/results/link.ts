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
 * @param known people of tracks, who stay: they may have been named
 * @param given ids that nobody new gets
 * @returns the person of each track, numbered from 1 by first appearance. Tracks of different shots are never joined.
 */
export function linkTracks(
  segments: readonly Segment[],
  known: Readonly<Record<number, number>> = {},
  given: readonly number[] = [],
): Map<number, number> {
  const inOrder = [...segments].sort(
    (one, other) => one.firstFrame - other.firstFrame || one.track - other.track,
  );
  const continued = continuedOf(inOrder, known);
  const links = segments
    .flatMap((from) =>
      soonAfter(inOrder, from).flatMap((to) => (known[to.track] ? [] : (linkOf(from, to) ?? []))),
    )
    .sort((one, other) => one.cost - other.cost);
  const before = new Map<number, number>();
  for (const { from, to } of links) {
    if (before.has(to) || continued.has(from)) continue;
    before.set(to, from);
    continued.add(from);
  }
  const people = new Map<number, number>();
  let last = Math.max(0, ...Object.values(known));
  const nextId = () => {
    do last++;
    while (given.includes(last));
    return last;
  };
  for (const { track } of inOrder) {
    const earlier = before.get(track);
    people.set(track, known[track] ?? ((earlier !== undefined && people.get(earlier)) || nextId()));
  }
  return people;
}

/** Those that begin while the first may still go on: of a long film with many people, a small part. @param inOrder by their beginning */
function soonAfter(inOrder: readonly Segment[], { lastMs }: Segment): readonly Segment[] {
  const first = firstFrom(inOrder, lastMs);
  let end = first;
  while (end < inOrder.length && inOrder[end].firstMs - lastMs <= MAX_GAP_MS) end++;
  return inOrder.slice(first, end);
}

/** The first that begins at this time or later, by halving. */
function firstFrom(inOrder: readonly Segment[], timeMs: number): number {
  let [low, high] = [0, inOrder.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (inOrder[middle].firstMs < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Tracks whose person is known to go on in a later one. */
function continuedOf(inOrder: readonly Segment[], known: Readonly<Record<number, number>>): Set<number> {
  const continued = new Set<number>();
  const lastOf = new Map<number, number>();
  for (const { track } of inOrder) {
    const person = known[track];
    if (!person) continue;
    const earlier = lastOf.get(person);
    if (earlier !== undefined) continued.add(earlier);
    lastOf.set(person, track);
  }
  return continued;
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
