/** The detector's part of a backend's self-test: what it says of the drawing of a face, at two of its anchors. */

import { STRIDE, TRAINED_PX } from './blazeface';

/**
 * How far an answer may be from what it should be: of a score, 0..1, and of a place, as a share of the input's side. Textures
 * of float16 move none by more than 0.0005 (`tests/e2e/half-textures.test.ts`).
 */
export const DETECTOR_TOLERANCE = 0.03;

/** One anchor of each output map, the fine one and the coarse one, that scores about highest there on the drawing. */
const ANCHORS = [309, 732];

/**
 * @param output of the network for the drawing in its trained size, as `runGraph` gives it.
 * @returns for each of the two anchors the score, 0..1, and the box and key points as shares of the input's side.
 */
export function answersOf(output: Float32Array): Float32Array {
  return Float32Array.from(
    ANCHORS.flatMap((anchor) => {
      const [logit, ...places] = output.subarray(STRIDE * anchor, STRIDE * (anchor + 1));
      return [1 / (1 + Math.exp(-logit)), ...places.map((px) => px / TRAINED_PX)];
    }),
  );
}
