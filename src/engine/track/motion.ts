/** How tracks move: with the picture's size, and from frame to frame. */

import type { Size } from '../detect/blazeface';
import { centreOf, type Point } from '../geometry';
import type { Box } from '../types';
import type { Track } from './association';

/**
 * A camera changed its size: another resolution, or a phone that was turned. The middle stays the middle and the longer side the
 * longer side; a face that is not where it was by that is searched for at once.
 */
export function moveTrack(track: Track, from: Size, to: Size): void {
  const scale = Math.max(to.width, to.height) / Math.max(from.width, from.height);
  const shift = [(to.width - scale * from.width) / 2, (to.height - scale * from.height) / 2];
  const { x, y, width, height } = track.box;
  track.points = track.points.map((value, i) => scale * value + shift[i % 2]);
  track.box = {
    x: scale * x + shift[0],
    y: scale * y + shift[1],
    width: scale * width,
    height: scale * height,
  };
  track.velocity = { x: 0, y: 0 };
  track.filter.reset();
}

/** From where the track was last, px a millisecond; none where time does not rise. */
export function velocityOf(track: Track, box: Box<'image'>, timeMs: number): Point {
  const elapsedMs = timeMs - track.seenMs;
  if (!(elapsedMs > 0) || !Number.isFinite(elapsedMs)) return { x: 0, y: 0 };
  const [from, to] = [centreOf(track.box), centreOf(box)];
  return { x: (to.x - from.x) / elapsedMs, y: (to.y - from.y) / elapsedMs };
}
