/** Faces that lie outside of their picture, as points do that were marked on a copy of another size. Pure. */

import type { Points } from '../../../engine/types';
import { pathOf } from '../../../shared/formats/names';
import { withoutMissing } from '../../../shared/missing-points';
import type { Size } from '../../../shared/imaging/types';
import { formatQuantity } from '../../../shared/format/quantity';

/** Whether no point of it lies in the picture; single points may well lie beyond its edge. */
export function isOutside(points: Points<'image'>, { width, height }: Size): boolean {
  const present = withoutMissing(points);
  const isIn = (x: number, y: number) => x >= 0 && y >= 0 && x <= width && y <= height;
  return !present.some((x, i) => i % 2 === 0 && isIn(x, present[i + 1]));
}

type Truth = readonly Points<'image'>[];

/** @param tell hears of faces that lie elsewhere, with the path of the picture @returns those that lie in it */
export function truthWithin(
  { folder, name, width, height }: Size & { readonly folder: string; readonly name: string },
  truth: Truth,
  tell: (note: string, path: string) => void,
): Truth {
  const inside = truth.filter((points) => !isOutside(points, { width, height }));
  const count = truth.length - inside.length;
  if (count === 0) return inside;
  const path = pathOf({ folder, name });
  const [lie, were] = count === 1 ? ['lies', 'Was it'] : ['lie', 'Were they'];
  const note =
    `${path}: ${formatQuantity(count, 'face')} of its ground truth ${lie} wholly outside of the picture of ` +
    `${width} × ${height} px, and ${count === 1 ? 'is' : 'are'} left out. ${were} marked on a copy of another size?`;
  tell(note, path);
  return inside;
}
