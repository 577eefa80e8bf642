/** Copies of pictures that need no EXIF to stand upright, for programs that ignore it. */

import { decodePicture } from './decode';
import { encodeCanvas } from './encode';
import { orientationOf } from './orientation';

/** Bytes that hold the EXIF data of a picture, where it comes before its pixels. */
const HEAD_BYTES = 512 * 1024;
/** What these say of themselves mostly comes behind their pixels. */
const saidLast: readonly string[] = ['image/tiff', 'image/webp'];
/** Of a JPEG, 0..1: no loss is seen beside that of the camera. */
const JPEG_QUALITY = 0.95;
/** Types that can be written under the same name. */
const types = ['image/jpeg', 'image/png'] as const;

/** Whether EXIF says that it has to be turned or mirrored to stand upright. */
export async function isTurned(file: Blob): Promise<boolean> {
  const head = saidLast.includes(file.type) ? file : file.slice(0, HEAD_BYTES);
  return orientationOf(new Uint8Array(await head.arrayBuffer())) !== 1;
}

/**
 * The picture upright and without EXIF, at full size.
 * @returns null where this browser cannot make it: for another type than JPEG and PNG, and above the size of its canvases
 * @throws PictureError naming `path` when it cannot be decoded
 */
export async function uprightCopy(file: Blob, path: string): Promise<Blob | null> {
  const type = types.find((one) => one === file.type);
  if (!type) return null;
  const bitmap = await decodePicture(file, path);
  try {
    const { width, height } = bitmap;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    if (!context || !isDrawn(context)) return null;
    return await encodeCanvas(canvas, type, JPEG_QUALITY);
  } finally {
    bitmap.close();
  }
}

/** A canvas above the browser's limit stays empty without a word: so one pixel in its corner is filled and read. */
function isDrawn(context: CanvasRenderingContext2D): boolean {
  const { width, height } = context.canvas;
  try {
    const corner = context.getImageData(width - 1, height - 1, 1, 1);
    context.fillStyle = '#fff';
    context.fillRect(width - 1, height - 1, 1, 1);
    const isFilled = context.getImageData(width - 1, height - 1, 1, 1).data[3] === 255;
    context.putImageData(corner, width - 1, height - 1);
    return isFilled;
  } catch {
    return false;
  }
}
