/** Tracks summed up: when each was seen, and where it began and ended. */

import type { Box } from '../../../engine/types';

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

/** A face in a frame. */
export interface Place {
  readonly track: number;
  readonly shot: number;
  readonly frame: number;
  readonly timeMs: number;
  readonly box: Box<'image'>;
}

/** Adds a face to the segments before it, by track. @returns that of its track */
export function extendSegments(segments: Map<number, Segment>, place: Place): Segment {
  const { track, shot, frame, timeMs, box } = place;
  const start = segments.get(track) ?? { track, shot, firstFrame: frame, firstMs: timeMs, firstBox: box };
  const segment = { ...start, lastFrame: frame, lastMs: timeMs, lastBox: box };
  segments.set(track, segment);
  return segment;
}
