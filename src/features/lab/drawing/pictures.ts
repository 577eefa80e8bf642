/** Small arrays of 8 bits as pictures. */

import { ramp } from './ramp';

/** Cells of a map, row by row from `start`, in the colours of the ramp; clear where the map is low, to lie over a picture. */
export function veilPicture(cells: Uint8Array, start: number, width: number, height: number): ImageData {
  const picture = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const value = cells[start + i];
    paint(picture.data, i, value, 40 + (190 * value) / 255);
  }
  return picture;
}

/** A shade of the ramp's bright end, as strong as the map is high: for maps that are nearly empty. */
export function glowPicture(cells: Uint8Array, start: number, width: number, height: number): ImageData {
  const picture = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const value = cells[start + i];
    paint(picture.data, i, 96 + (159 * value) / 255, 235 * Math.sqrt(value / 255));
  }
  return picture;
}

export function grayPicture(gray: Uint8Array, width: number, height: number): ImageData {
  const picture = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    picture.data.fill(gray[i], 4 * i, 4 * i + 3);
    picture.data[4 * i + 3] = 255;
  }
  return picture;
}

function paint(data: Uint8ClampedArray, at: number, value: number, alpha: number): void {
  const from = 3 * Math.round(value);
  data[4 * at] = ramp[from];
  data[4 * at + 1] = ramp[from + 1];
  data[4 * at + 2] = ramp[from + 2];
  data[4 * at + 3] = alpha;
}

/** Channels of a sheet, in this order, as tiles of one picture with a gap of `gapPx` cells between them. */
export function tilesPicture(
  { cells, width, height }: { readonly cells: Uint8Array; readonly width: number; readonly height: number },
  order: readonly number[],
  columns: number,
  gapPx: number,
): ImageData {
  const rows = Math.ceil(order.length / columns);
  const picture = new ImageData(columns * (width + gapPx) - gapPx, rows * (height + gapPx) - gapPx);
  order.forEach((channel, place) => {
    const left = (place % columns) * (width + gapPx);
    const top = Math.floor(place / columns) * (height + gapPx);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const value = cells[(channel * height + row) * width + column];
        paint(picture.data, (top + row) * picture.width + left + column, value, 255);
      }
    }
  });
  return picture;
}

let scratch: HTMLCanvasElement | null = null;

/** Draws a small picture over the whole canvas. @param isSmooth false shows its cells as they are */
export function stretch(context: CanvasRenderingContext2D, picture: ImageData, isSmooth: boolean): void {
  scratch ??= document.createElement('canvas');
  scratch.width = picture.width;
  scratch.height = picture.height;
  scratch.getContext('2d')?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = isSmooth;
  context.imageSmoothingQuality = 'high';
  context.drawImage(scratch, 0, 0, context.canvas.width, context.canvas.height);
}
