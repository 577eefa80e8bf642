/** Bytes to pixels: proves that a file is a picture, refuses what is absurd, and decodes it in the browser. */

import type { Size } from '../../overlay/view';
import { pathOf } from './files';
import { kindOf, kindsInWords, readHeader } from './kinds';
import { PhotoError } from './photo-error';
import { thumbnailOf } from './scaled';
import type { IncomingPicture, OpenedPicture } from './types';

/** What is taken. Decoded, a picture of the most pixels fills 512 MiB. */
export const limits = {
  bytes: 256 * 1024 ** 2,
  /** Of a side: canvases and graphics cards take no more, and a float32 coordinate still holds a thousandth of a px. */
  sidePx: 16_384,
  pixels: 128 * 1024 ** 2,
  /** For one picture to be decoded. */
  decodeMs: 30_000,
} as const;

/**
 * Decodes a file that may be a picture, and makes its thumbnail.
 * @throws PhotoError naming the file.
 */
export async function openPicture(incoming: IncomingPicture): Promise<OpenedPicture> {
  const { file, folder, truth } = incoming;
  const path = pathOf(incoming);
  const bytes = await readBytes(file, path);
  const kind = kindOf(bytes);
  if (!kind) {
    throw new PhotoError(
      'not-a-picture',
      path,
      `${path} is not a picture that Mien knows (${kindsInWords}).`,
    );
  }
  const header = readHeader(kind, bytes);
  if (!header) throw damaged(path, kind.type);
  refuseAbsurd(header, path);
  const picture = file.slice(0, file.size, kind.type);
  const bitmap = await decodePicture(picture, path);
  try {
    const { width, height } = bitmap;
    // A header can lie.
    refuseAbsurd({ width, height }, path);
    const thumbnail = await thumbnailOf(bitmap);
    const photo = {
      name: file.name,
      folder,
      type: kind.type,
      file: picture,
      width,
      height,
      thumbnail,
      truth,
    };
    const notes = header.isAnimated ? [`${path} is animated; only its first frame is used.`] : [];
    return { photo, bitmap, notes };
  } catch (error) {
    bitmap.close();
    throw error;
  }
}

/**
 * All pixels of a picture, upright. Whoever receives the bitmap closes it.
 * @param file its type has to be right, as in `NewPhoto.file`.
 * @throws PhotoError naming `path`.
 */
export async function decodePicture(file: Blob, path: string): Promise<ImageBitmap> {
  const decoding = createImageBitmap(file, { imageOrientation: 'from-image' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Decoding cannot be called off; what comes of it later is let go.
      decoding.then((bitmap) => bitmap.close()).catch(() => {});
      reject(
        new PhotoError('too-slow', path, `${path} took more than ${limits.decodeMs / 1000} s to decode.`),
      );
    }, limits.decodeMs);
  });
  try {
    return await Promise.race([decoding, timeout]);
  } catch (cause) {
    if (cause instanceof PhotoError) throw cause;
    throw damaged(path, file.type, cause);
  } finally {
    clearTimeout(timer);
  }
}

async function readBytes(file: File, path: string): Promise<Uint8Array> {
  if (file.size > limits.bytes) {
    throw new PhotoError('too-large', path, `${path} is larger than ${limits.bytes / 1024 ** 2} MB.`);
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new PhotoError('unreadable', path, `${path} could not be read from disk.`, { cause });
  }
  if (bytes.length === 0) throw new PhotoError('empty', path, `${path} is empty.`);
  return bytes;
}

function refuseAbsurd({ width, height }: Size, path: string): void {
  if (Math.max(width, height) <= limits.sidePx && width * height <= limits.pixels) return;
  const most = `${limits.sidePx} px a side and ${Math.floor(limits.pixels / 1e6)} megapixels`;
  throw new PhotoError(
    'too-large',
    path,
    `${path} says it has ${width} × ${height} px; Mien takes up to ${most}.`,
  );
}

function damaged(path: string, type: string, cause?: unknown): PhotoError {
  if (type === 'image/heic') {
    const message = `${path} is a HEIC picture, which this browser cannot show. Save it as JPEG and try again.`;
    return new PhotoError('unsupported', path, message, { cause });
  }
  const message = `${path} is damaged or cut short, and cannot be decoded.`;
  return new PhotoError('damaged', path, message, { cause });
}
