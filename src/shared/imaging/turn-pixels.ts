import type { Orientation } from './orientation';
import type { Size } from './types';

export interface Pixels extends Size {
  /** RGBA, straight, by rows. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Stored pixels as they look upright. */
export function turnPixels({ width, height, data }: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return { width, height, data };
  const isSwapped = orientation >= 5;
  const [outWidth, outHeight] = isSwapped ? [height, width] : [width, height];
  const stored = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const upright = new Uint32Array(width * height);
  const isFromRight = [2, 3, 7, 8].includes(orientation);
  const isFromBottom = [3, 4, 6, 7].includes(orientation);
  for (let y = 0, at = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++, at++) {
      const [across, down] = isSwapped ? [y, x] : [x, y];
      const column = isFromRight ? width - 1 - across : across;
      const row = isFromBottom ? height - 1 - down : down;
      upright[at] = stored[row * width + column];
    }
  return { width: outWidth, height: outHeight, data: new Uint8ClampedArray(upright.buffer) };
}
