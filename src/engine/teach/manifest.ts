/** The manifest of a taught model: its base's, with the taught scheme. */

import type { Manifest } from '../types';
import type { Head } from './head';
import type { Taught } from './taught-file';

export function taughtManifest({ id, title, scheme, info, head }: Taught, base: Manifest): Manifest {
  const { heatmaps: _, ...output } = base.output;
  return {
    ...base,
    id,
    title,
    // What was taught gives points without maps, whatever its base is.
    family: 'regression',
    classroom: false,
    scheme,
    uprightWeights: null,
    output,
    parameters: base.parameters + sizeOf(head),
    metrics: [],
    calibration: null,
    taught: info,
  };
}

const sizeOf = (head: Head): number =>
  head.kind === 'points' ? head.guess.length + head.refine.length : head.shift.length;
