/** A face that was labelled by eye, and the one that was found in its place. */

import { boxOf, centreOf, largerSide } from '../../src/engine/geometry';

/** One face, px of its picture. */
export interface LabelledFace {
  readonly picture: string;
  /** Middle of the box of its points. */
  readonly x: number;
  readonly y: number;
  /** √ of the box's area. */
  readonly size: number;
}

/** @returns the found face whose middle lies nearest to the labelled one's, within half its size; else null. */
export function findLabelled<F extends { readonly points: ArrayLike<number> }>(
  faces: readonly F[],
  { x, y, size }: Omit<LabelledFace, 'picture'>,
): F | null {
  let nearest: F | null = null;
  let least = size / 2;
  for (const face of faces) {
    const box = boxOfPoints(face.points);
    const distance = Math.hypot(box.x - x, box.y - y);
    if (distance < least) [nearest, least] = [face, distance];
  }
  return nearest;
}

/** @returns the middle of the points' box, and its larger side. */
export function boxOfPoints(points: ArrayLike<number>): { x: number; y: number; side: number } {
  const box = boxOf(Float32Array.from(points));
  return { ...centreOf(box), side: largerSide(box) };
}
