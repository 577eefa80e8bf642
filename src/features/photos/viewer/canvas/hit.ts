/** What lies under a pointer: a landmark, a face, or neither. Pure. */

import { apply, applyToPoint, type Point } from '../../../../engine/geometry';
import type { Affine, Box, Face } from '../../../../engine/types';

/** How far from a landmark a pointer may be and still mean it, CSS px. With a finger it is harder to be exact. */
export const hitRadiusPx = { mouse: 12, pen: 14, touch: 22 } as const;

export function radiusFor(pointerType: string): number {
  return pointerType in hitRadiusPx
    ? hitRadiusPx[pointerType as keyof typeof hitRadiusPx]
    : hitRadiusPx.mouse;
}

/** Index of the landmark nearest to a place of the view, or null when none is within the radius. */
export function pointAt(
  face: Pick<Face, 'points'>,
  toView: Affine<'image', 'view'>,
  place: Point,
  radiusPx: number,
): number | null {
  const points = apply(toView, face.points);
  let nearest: number | null = null;
  let least = radiusPx;
  for (let i = 0; 2 * i < points.length; i++) {
    const distance = Math.hypot(points[2 * i] - place.x, points[2 * i + 1] - place.y);
    // A missing point is nowhere.
    if (!(distance <= least)) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}

/** The face whose box holds the place; of several the smallest, which lies in front of nothing else. */
export function faceAt<F extends Pick<Face, 'box'>>(
  faces: readonly F[],
  toView: Affine<'image', 'view'>,
  place: Point,
  marginPx: number,
): F | null {
  const holding = faces.filter(({ box }) => holds(inView(box, toView), place, marginPx));
  return holding.sort((one, other) => areaOf(one.box) - areaOf(other.box))[0] ?? null;
}

/** An upright box as the view shows it. */
export function inView(box: Box<'image'>, toView: Affine<'image', 'view'>): Box<'view'> {
  const corner = applyToPoint(toView, box);
  return { x: corner.x, y: corner.y, width: box.width * toView.a, height: box.height * toView.d };
}

/** The box between two corners, whichever way it was drawn. */
export function boxBetween(one: Point, other: Point): Box<'image'> {
  return {
    x: Math.min(one.x, other.x),
    y: Math.min(one.y, other.y),
    width: Math.abs(one.x - other.x),
    height: Math.abs(one.y - other.y),
  };
}

function holds(box: Box<'view'>, { x, y }: Point, margin: number): boolean {
  return (
    x >= box.x - margin &&
    x <= box.x + box.width + margin &&
    y >= box.y - margin &&
    y <= box.y + box.height + margin
  );
}

function areaOf(box: Box<'image'>): number {
  return box.width * box.height;
}
