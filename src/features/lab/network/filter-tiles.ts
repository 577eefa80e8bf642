/** Filters as tiles of one picture. */

import type { Filters } from '../../../engine/inspect/types';
import { columnsFor } from './order';

const GAP = 1;
const MAX_COLUMNS = 16;

/** Each filter by its own largest weight: zero is the middle grey. */
export function filterTiles({ count, width, height, values }: Filters): ImageData {
  const columns = Math.min(MAX_COLUMNS, 2 * columnsFor(count, MAX_COLUMNS));
  const rows = Math.ceil(count / columns);
  const picture = new ImageData(columns * (width + GAP) - GAP, rows * (height + GAP) - GAP);
  const size = width * height;
  for (let filter = 0; filter < count; filter++) {
    const own = values.subarray(filter * size, (filter + 1) * size);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
    const left = (filter % columns) * (width + GAP);
    const top = Math.floor(filter / columns) * (height + GAP);
    own.forEach((value, cell) => {
      const at = (top + Math.floor(cell / width)) * picture.width + left + (cell % width);
      picture.data.fill(Math.round(127.5 + (127.5 * value) / largest), 4 * at, 4 * at + 3);
      picture.data[4 * at + 3] = 255;
    });
  }
  return picture;
}
