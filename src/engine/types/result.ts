/** What comes out: faces, where they are and how sure that is, and how long it took. */

import type { Signals } from './signals';
import type { Affine, Box, Points } from './space';

export interface Face {
  readonly points: Points<'image'>;
  /** Expected distance of each point from its true place, in image px; null where the model does not say. */
  readonly spread: Float32Array | null;
  /**
   * How likely it is that each point is seen, 0..1, and not hidden by the head itself or by something in the way; of this frame
   * alone, not smoothed. Missing where the model does not say.
   */
  readonly visible?: Float32Array;
  /** The upright box of the points; where the scheme shows no eyes, the box of the face that its crop was made for, brows to chin. */
  readonly box: Box<'image'>;
  /**
   * How sure it is that there is a face, 0..1. Of `track` and `landmarks` it is what the landmark network says, its presence:
   * near 1 for any face, also a half hidden one. Of `detect` it is presence times the detector's score, which tells whole
   * upright faces (0.75 to 0.95) from those cut by the border, hidden or turned (down to 0.35, where they are left out). From a
   * model that does not tell presence it is the detector's score alone, or 1 where the caller gave the box.
   */
  readonly score: number;
  /** Stable while the face is tracked; counts up from 1. `detect` numbers its faces 1, 2, …. */
  readonly id: number;
  /** Where the engine was asked for them, and the model has the 68 points. */
  readonly signals?: Signals;
}

/** The output of one layer of the network for one face. */
export interface Activations {
  readonly width: number;
  readonly height: number;
  /** Maps in the layer; of heatmaps there is one per point. */
  readonly channels: number;
  /** Row by row, all channels of a cell side by side: `values[(row · width + column) · channels + channel]`. */
  readonly values: Float32Array;
  /** Brings image px to 0..1 over the width and height of the maps. */
  readonly crop: Affine<'image', 'crop'>;
}

/** Milliseconds each stage took; 0 where it did not run. */
export interface Timings {
  readonly detectMs: number;
  readonly cropMs: number;
  readonly networkMs: number;
  readonly readBackMs: number;
  readonly filterMs: number;
  readonly totalMs: number;
  /**
   * What the GPU's own clock says it worked for, where it tells: on WebGL with `EXT_disjoint_timer_query_webgl2`. The times
   * above are this program's, which hands out commands and waits for their result in `readBackMs`; drawing crops on a canvas is
   * in `cropMs` there alone. Missing where a pass of the landmark network was not told, or none ran.
   */
  readonly gpu?: { readonly cropMs: number; readonly networkMs: number };
}

/** The stages of `Timings`. */
export type TimedStage = Exclude<keyof Timings, 'totalMs' | 'gpu'>;

export interface Result {
  readonly timeMs: number;
  readonly faces: readonly Face[];
  readonly timings: Timings;
  /** Size of the image the points are in. */
  readonly width: number;
  readonly height: number;
}
