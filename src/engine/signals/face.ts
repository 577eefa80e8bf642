/** The face that poses are fitted with: `face.json`, which `python -m mien.signals.face` makes from ICT-FaceKit (MIT). */

import { decodeInt16 } from './base64';
import stored from './face.json';

export const POINTS = 68;
/** The first of the 68. */
export const JAW_POINTS = 17;
/** Each group of the 68 ends before this point. */
const GROUP_ENDS = { jaw: JAW_POINTS, brows: 27, nose: 36, eyes: 48, mouth: POINTS } as const;

/** Axes of a head: x to the right of the picture, y up, z to the viewer; cm; the origin lies midway between the eyes. */
export interface MeanFace {
  /** x0, y0, z0, x1, …, cm: of a face at rest. */
  readonly mean: Float64Array;
  /** The ways in which identity and expression change a face most, each for one standard deviation; as `mean`. */
  readonly modes: readonly Float64Array[];
  /** How uncertain each point is, relative to the mean of all. */
  readonly noise: Float64Array;
  /**
   * Where the person's left eye turns about, cm, how far from there the middle of the iris lies, and by how much further outward
   * and up than the eye looks, as the fovea does not lie on the eye's axis; the right eye mirrors it.
   */
  readonly eyes: {
    readonly across: number;
    readonly up: number;
    readonly forward: number;
    readonly radius: number;
    readonly outwardDeg: number;
    readonly upwardDeg: number;
  };
}

export const MEAN_FACE: MeanFace = parseFace(stored);

function parseFace({ shapes, unitsPerCm, noise, eyes }: typeof stored): MeanFace {
  const values = Float64Array.from(decodeInt16(shapes), (value) => value / unitsPerCm);
  const count = values.length / (3 * POINTS);
  const [mean, ...modes] = Array.from({ length: count }, (_, k) =>
    values.slice(3 * POINTS * k, 3 * POINTS * (k + 1)),
  );
  const ends = Object.entries(GROUP_ENDS) as [keyof typeof noise, number][];
  const each = Float64Array.from({ length: POINTS }, (_, i) => noise[ends.find(([, end]) => i < end)![0]]);
  const whole = each.reduce((sum, value) => sum + value, 0) / POINTS;
  return { mean, modes, noise: each.map((value) => value / whole), eyes };
}
