/** The self-test of a backend: a crop made by a formula, and how far a network's points may lie from those it is held to. */

/**
 * How far a point may lie from where it should, as a share of the crop's side: four times what float16 may move it on a face
 * (`tests/e2e/half-textures.test.ts` allows 0.0075 of the box).
 */
export const SELF_TEST_TOLERANCE = 0.03;

/** A soft spot: its middle and its half width and height in crop units, and what it adds to the gray level, 0..255. */
const SPOTS = [
  [0.5, 0.52, 0.3, 0.4, 130],
  [0.37, 0.42, 0.07, 0.035, -110],
  [0.63, 0.42, 0.07, 0.035, -110],
  [0.36, 0.33, 0.1, 0.025, -70],
  [0.64, 0.33, 0.1, 0.025, -70],
  [0.5, 0.6, 0.05, 0.03, -60],
  [0.5, 0.73, 0.12, 0.03, -80],
] as const;
const GROUND = 60;

/**
 * The drawing of a face, without any face: the same as `mien.self_test.crop` in training.
 * @returns gray levels 0..255, whole numbers, row by row.
 */
export function selfTestCrop(width: number, height: number): Uint8ClampedArray {
  const gray = new Uint8ClampedArray(width * height);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const [u, v] = [(column + 0.5) / width, (row + 0.5) / height];
      let level = GROUND;
      for (const [x, y, across, down, more] of SPOTS)
        level += more * Math.exp(-(((u - x) / across) ** 2) - ((v - y) / down) ** 2);
      gray[at] = Math.floor(level + 0.5);
    }
  }
  return gray;
}

/** That drawing, for a canvas. */
export function selfTestImage(width: number, height: number): ImageData {
  const gray = selfTestCrop(width, height);
  const rgba = Uint8ClampedArray.from({ length: 4 * gray.length }, (_, i) =>
    i % 4 === 3 ? 255 : gray[i >> 2],
  );
  return new ImageData(rgba, width, height);
}

/** The farthest that a coordinate lies from where it should, in crop units; Infinity where a value is not finite or missing. */
export function deviationOf(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Infinity;
  let most = 0;
  for (let i = 0; i < wanted.length; i++) {
    const apart = Math.abs(found[i] - wanted[i]);
    most = Number.isFinite(apart) ? Math.max(most, apart) : Infinity;
  }
  return most;
}
