/** Tracks summed up: when each was seen, and where it began and ended. */

import { boxOf } from '../../../engine/geometry';
import type { Box } from '../../../engine/types';
import type { TrackedFrame } from '../types';

/** A track from its first to its last frame. */
export interface Segment {
  readonly track: number;
  readonly shot: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstBox: Box<'image'>;
  readonly lastBox: Box<'image'>;
}

/** Adds a frame to the segments before it, by track. */
export function extendSegments(segments: Map<number, Segment>, frame: TrackedFrame): void {
  const { index, timeMs, shot, faces } = frame;
  for (const { track, points } of faces) {
    const box = boxOf(points);
    const known = segments.get(track);
    const end = { lastFrame: index, lastMs: timeMs, lastBox: box };
    const start = { track, shot, firstFrame: index, firstMs: timeMs, firstBox: box };
    segments.set(track, known ? { ...known, ...end } : { ...start, ...end });
  }
}
