/** Marks on one picture with the points of one scheme: changes as pure functions, and the faces that the viewer shows of them. */

import type { Point } from '../../../engine/geometry';
import type { Box, Points } from '../../../engine/types';
import type { MarkScheme, MarkedFace, PhotoFace } from '../types';

export type Marks = readonly MarkedFace[];

/** What marking begins with: a face that was found, or a box drawn by hand. */
export type MarkStart = Pick<MarkedFace, 'box' | 'landmarks'>;

/** Adds a face on which nothing is marked yet; it comes last, with the first number that is free above. */
export function addMarked(marks: Marks, { box, landmarks }: MarkStart): Marks {
  const id = 1 + Math.max(0, ...marks.map((face) => face.id));
  return [...marks, { id, box, landmarks, points: {} }];
}

/** @param at px of the picture @throws when there is no such face, or the place is not finite */
export function placeMark(marks: Marks, id: number, point: string, { x, y }: Point): Marks {
  if (!Number.isFinite(x) || !Number.isFinite(y))
    throw new Error(`mark: cannot be placed at (${x}, ${y}) px`);
  return changeMarked(marks, id, (face) => ({ ...face, points: { ...face.points, [point]: [x, y] } }));
}

/** Moves those of the points that are marked by so many px of the picture. @throws when there is no such face */
export function moveMarks(marks: Marks, id: number, points: readonly string[], by: Point): Marks {
  return changeMarked(marks, id, (face) => {
    const moved = points.flatMap((point) => {
      const at = face.points[point];
      return at ? [[point, [at[0] + by.x, at[1] + by.y]] as const] : [];
    });
    return { ...face, points: { ...face.points, ...Object.fromEntries(moved) } };
  });
}

/** @throws when there is no such face */
export function clearMarks(marks: Marks, id: number, points: readonly string[]): Marks {
  return changeMarked(marks, id, (face) => ({
    ...face,
    points: Object.fromEntries(Object.entries(face.points).filter(([point]) => !points.includes(point))),
  }));
}

/** Another box drawn by hand; the marks stay where they are. @throws when there is no such face */
export function setBox(marks: Marks, id: number, box: Box<'image'>): Marks {
  return changeMarked(marks, id, (face) => ({ ...face, box, landmarks: null }));
}

/** @throws when there is no such face */
export function removeMarked(marks: Marks, id: number): Marks {
  markedOf(marks, id);
  return marks.filter((face) => face.id !== id);
}

/** @throws when there is no such face */
export function markedOf(marks: Marks, id: number): MarkedFace {
  const face = marks.find((one) => one.id === id);
  if (!face) throw new Error(`marked face ${id}: is not on this picture`);
  return face;
}

/** In the order of the scheme; NaN for a point that is not marked. */
export function markedPoints({ points }: Pick<MarkedFace, 'points'>, scheme: MarkScheme): Points<'image'> {
  return Float32Array.from(scheme.points.flatMap(({ id }) => points[id] ?? [NaN, NaN]));
}

/** How many points of the scheme are marked. */
export function markedCount({ points }: Pick<MarkedFace, 'points'>, scheme: MarkScheme): number {
  return scheme.points.filter(({ id }) => id in points).length;
}

/** Whether there is anything to learn from. */
export function hasMarks(face: MarkedFace, scheme: MarkScheme): boolean {
  return markedCount(face, scheme) > 0;
}

/** As the viewer shows faces. */
export function toShown(face: MarkedFace, scheme: MarkScheme): PhotoFace {
  const points = markedPoints(face, scheme);
  const { id, box } = face;
  return { id, points, spread: null, box, score: 1, network: { points, spread: null, box } };
}

/** Faces that were found where nothing is marked yet; their ids are below 0, so that they are told from marked ones. */
export function candidates(found: readonly PhotoFace[], marks: Marks, scheme: MarkScheme): PhotoFace[] {
  return found
    .filter(({ box }) => !marks.some((marked) => isSamePlace(marked.box, box)))
    .map(({ id, box }) => toShown({ id: -id, box, landmarks: null, points: {} }, scheme));
}

/**
 * Where a point most likely is in a box: at the mean of its places in other marked boxes, else in the middle.
 * @param others marked with the same scheme
 */
export function likelyPlace(box: Box<'image'>, point: string, others: readonly MarkedFace[]): Point {
  const places = others.flatMap(({ box: own, points }) => {
    const at = points[point];
    return at ? [{ x: (at[0] - own.x) / own.width, y: (at[1] - own.y) / own.height }] : [];
  });
  const mean = (of: (place: Point) => number) =>
    places.length ? places.reduce((sum, place) => sum + of(place), 0) / places.length : 0.5;
  return { x: box.x + box.width * mean(({ x }) => x), y: box.y + box.height * mean(({ y }) => y) };
}

/** The middle of each lies within the other. */
function isSamePlace(one: Box<'image'>, other: Box<'image'>): boolean {
  const holdsMiddle = (box: Box<'image'>, { x, y, width, height }: Box<'image'>) =>
    Math.abs(x + width / 2 - box.x - box.width / 2) < box.width / 2 &&
    Math.abs(y + height / 2 - box.y - box.height / 2) < box.height / 2;
  return holdsMiddle(one, other) && holdsMiddle(other, one);
}

function changeMarked(marks: Marks, id: number, change: (face: MarkedFace) => MarkedFace): Marks {
  const changed = change(markedOf(marks, id));
  return marks.map((face) => (face.id === id ? changed : face));
}
