/** The axes of a head at its nose: where it looks, up, and to its own left. */

import { apply, largerSide } from '../../engine/geometry';
import type { Affine, Face } from '../../engine/types';
import { strokeWithHalo, type Context } from './halo';

type Vector = readonly [x: number, y: number, z: number];

export interface Axis {
  readonly name: 'left' | 'up' | 'forward';
  readonly colour: string;
  /** Its end, px of the image. */
  readonly x: number;
  readonly y: number;
  /** Above 0: points to the viewer. */
  readonly depth: number;
}

/** The tip of the nose, from 0: only faces with the 68 points carry signals. */
const NOSE_TIP = 30;
/** Length over the larger side of the face's box. */
const LENGTH = 0.55;
/** Told apart by lightness as well as by hue. The order is that of the matrix: x, y, z. */
const colours = { left: '#ff8d8d', up: '#a5ee8a', forward: '#6fc3ff' } as const;
const names = ['left', 'up', 'forward'] as const;

/** Where the axes begin and end in the image, the farthest first; null for a face without signals. */
export function axesOf(face: Face): { readonly x: number; readonly y: number; readonly axes: Axis[] } | null {
  const { points, box, signals } = face;
  if (!signals) return null;
  const [x, y] = [points[2 * NOSE_TIP], points[2 * NOSE_TIP + 1]];
  const { matrix } = signals.pose;
  const column = (at: number): Vector => [matrix[4 * at], matrix[4 * at + 1], matrix[4 * at + 2]];
  const [ahead, above, away] = column(3);
  const length = LENGTH * largerSide(box);
  const axes = names.map((name, at): Axis => {
    const [right, up, depth] = column(at);
    // Off the middle of the picture the line of sight is slanted: what points to the viewer there points outward.
    const slantX = (ahead / -away) * depth;
    const slantY = (above / -away) * depth;
    return {
      ...{ name, colour: colours[name], depth },
      x: x + length * (right + slantX),
      y: y - length * (up + slantY),
    };
  });
  return { x, y, axes: axes.sort((one, other) => one.depth - other.depth) };
}

/** @param context its unit is one CSS px of the view */
export function drawAxes(context: Context, face: Face, toView: Affine<'image', 'view'>): void {
  const found = axesOf(face);
  if (!found) return;
  const widthPx = Math.min(5, Math.max(2, (largerSide(face.box) * Math.abs(toView.a)) / 60));
  for (const { x, y, colour } of found.axes) {
    const [x0, y0, x1, y1] = apply(toView, Float32Array.of(found.x, found.y, x, y));
    strokeWithHalo(context, widthPx, colour, () => {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    });
  }
}
