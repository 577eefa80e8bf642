/** Frames as small grey pictures, by which shots are told apart. */

import type { Context2D, FilmPicture } from './types';

export const THUMBNAIL = { width: 64, height: 36 } as const;

/** Grey values 0..255 of `THUMBNAIL`, row by row. */
export type Thumbnail = Float32Array;

/** @param rgba of `THUMBNAIL`, row by row, 4 bytes a pixel */
export function toThumbnail(rgba: Uint8ClampedArray): Thumbnail {
  const grey = new Float32Array(rgba.length / 4);
  for (let i = 0; i < grey.length; i++)
    grey[i] = 0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2];
  return grey;
}

/** @throws where the browser gives no 2D canvas */
export function createThumbnailMaker(): (picture: FilmPicture) => Thumbnail {
  const { width, height } = THUMBNAIL;
  const canvas = new OffscreenCanvas(width, height);
  const context: Context2D | null = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('films: this browser gives no 2D canvas');
  return (picture) => {
    picture.draw(context, width, height);
    return toThumbnail(context.getImageData(0, 0, width, height).data);
  };
}
