/** Long pictures, such as panoramas, are searched in parts that overlap: shown whole, their faces are too small to be found. Pure. */

import { centreOf } from '../../engine/geometry';
import type { Box, Face } from '../../engine/types';
import type { Size } from '../../shared/imaging/types';

/** Longer side over the shorter one from which a picture is searched in parts. */
const MIN_RATIO = 6;
/** Length of a part in shorter sides, of which it shares one with the next: a face is whole in one of them. */
const PART_RATIO = 3;

/** In px of the picture; null where it is searched as a whole. */
export function partsOfLong({ width, height }: Size): Box<'image'>[] | null {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  if (!(long >= MIN_RATIO * short)) return null;
  const length = PART_RATIO * short;
  const count = Math.ceil((long - length) / (length - short)) + 1;
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round((i * (long - length)) / (count - 1));
    return width > height
      ? { x: start, y: 0, width: length, height }
      : { x: 0, y: start, width, height: length };
  });
}

/** The faces of a part in px of the picture. */
export function movedBy(face: Face, { x, y }: Box<'image'>): Face {
  const { points, box } = face;
  return {
    ...face,
    points: points.map((value, i) => value + (i % 2 === 0 ? x : y)),
    box: { ...box, x: box.x + x, y: box.y + y },
  };
}

/** Of faces that two parts found, the surer one, in the order of the picture. */
export function withoutDoubles(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of [...faces].sort((one, other) => other.score - one.score))
    if (!kept.some(({ box }) => holds(box, centreOf(face.box)))) kept.push(face);
  return kept
    .sort((one, other) => one.box.x + one.box.y - other.box.x - other.box.y)
    .map((face, i) => ({ ...face, id: i + 1 }));
}

function holds(box: Box<'image'>, { x, y }: { readonly x: number; readonly y: number }): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}
