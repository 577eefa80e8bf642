/** All heatmaps of a face in one. */

import type { Sheet } from '../../../engine/inspect/types';

/** The highest value of all channels in each cell. */
export function highestOf({
  cells,
  width,
  height,
  channels,
}: Pick<Sheet, 'cells' | 'width' | 'height' | 'channels'>) {
  const count = width * height;
  const highest = cells.slice(0, count);
  for (let channel = 1; channel < channels; channel++)
    for (let cell = 0; cell < count; cell++)
      highest[cell] = Math.max(highest[cell], cells[channel * count + cell]);
  return highest;
}
