/** Points over a picture of the Lab. */

import { apply } from '../../../engine/geometry';
import type { Affine, Points, Scheme } from '../../../engine/types';
import { haloColour } from '../../../shared/overlay/colours';

export const ownColour = '#7fe3d0';
export const besideColour = '#ffd27a';

/** Brings image px onto a canvas that shows the crop. */
export function toCanvas(
  crop: Affine<'image', 'crop'>,
  width: number,
  height: number,
): Affine<'image', 'view'> {
  const { a, b, c, d, e, f } = crop;
  return { a: a * width, b: b * height, c: c * width, d: d * height, e: e * width, f: f * height };
}

export interface PointStyle {
  readonly colour: string;
  readonly radiusPx: number;
  /** The point that stands out; null: none. */
  readonly chosen?: number | null;
}

/** Contours and points. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  points: Points<'image'>,
  affine: Affine<'image', 'view'>,
  { edges }: Pick<Scheme, 'edges'>,
  { colour, radiusPx, chosen = null }: PointStyle,
): void {
  const placed = apply(affine, points);
  context.beginPath();
  for (const [from, to] of edges) {
    context.moveTo(placed[2 * from], placed[2 * from + 1]);
    context.lineTo(placed[2 * to], placed[2 * to + 1]);
  }
  context.lineWidth = radiusPx * 0.6;
  context.strokeStyle = colour;
  context.globalAlpha = 0.55;
  context.stroke();
  context.globalAlpha = 1;
  for (let i = 0; i < placed.length / 2; i++) {
    context.beginPath();
    context.arc(placed[2 * i], placed[2 * i + 1], i === chosen ? radiusPx * 1.9 : radiusPx, 0, 2 * Math.PI);
    context.fillStyle = i === chosen ? '#fff' : colour;
    context.strokeStyle = haloColour;
    context.lineWidth = radiusPx * 0.5;
    context.stroke();
    context.fill();
  }
}
