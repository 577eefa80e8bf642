/** Bytes to pixels: checks that a file is a picture of a sensible size and decodes it in the browser. */

import { pathOf } from './file-listing';
import { orientationOf, uprightSize } from './orientation';
import { kindOf, formatKinds, readHeader } from './sniff';
import { PictureError } from './picture-error';
import { sizeWithin, thumbnailOf } from './scale';
import type { IncomingFile, OpenedPicture, Size } from './types';

/** Limits on what is accepted. A picture of the maximum number of pixels takes 512 MiB when decoded. */
export const limits = {
  bytes: 256 * 1024 ** 2,
  /** Per side: where a float32 coordinate still resolves two thousandths of a px. */
  sidePx: 32_768,
  /** Per side of what is decoded: the limit of canvases and GPUs. A longer picture, such as a panorama, is scaled down to it. */
  decodedSidePx: 16_384,
  pixels: 128 * 1024 ** 2,
  /** Time limit for decoding one picture. */
  decodeMs: 30_000,
} as const;

/**
 * Decodes a file that may be a picture, and makes its thumbnail.
 * @param admit settles when a picture of the size that its header states may be decoded. Default: at once.
 * @throws PictureError naming the file.
 */
export async function openPictureFile(
  incoming: IncomingFile,
  admit: (size: Size) => Promise<void> = async () => {},
): Promise<OpenedPicture> {
  const { file, folder } = incoming;
  const path = pathOf(incoming);
  const bytes = await readBytes(file, path);
  const kind = kindOf(bytes);
  if (!kind) {
    throw new PictureError(
      'not-a-picture',
      path,
      `${path} is not a picture that Mien knows (${formatKinds}).`,
    );
  }
  const header = readHeader(kind, bytes);
  if (!header) throw damaged(path, kind.type);
  refuseTooLarge(header, path);
  await admit(header);
  const picture = file.slice(0, file.size, kind.type);
  const stated = uprightSize(header, orientationOf(bytes));
  const bitmap = await decodePicture(picture, path, stated);
  try {
    // The header may be wrong; only of what is scaled it tells more than the pixels.
    const { width, height } = isScaled(stated) ? turnedLike(stated, bitmap) : bitmap;
    refuseTooLarge({ width, height }, path);
    const thumbnail = await thumbnailOf(bitmap);
    const opened = {
      name: file.name,
      folder,
      type: kind.type,
      file: picture,
      width,
      height,
      thumbnail,
    };
    return { picture: opened, bitmap, notes: notesOn(path, kind.type, header.isAnimated, stated) };
  } catch (error) {
    bitmap.close();
    throw error;
  }
}

function notesOn(path: string, type: string, isAnimated: boolean, { width, height }: Size): string[] {
  const first =
    type === 'image/tiff' ? 'has several pages; only its first one' : 'is animated; only its first frame';
  const scaled =
    `${path} has ${width} × ${height} px; the network sees it scaled to ${limits.decodedSidePx} px a side. ` +
    'Points are in px of the full size.';
  return [
    ...(isAnimated ? [`${path} ${first} is used.`] : []),
    ...(isScaled({ width, height }) ? [scaled] : []),
  ];
}

/** HEIC's headers state the size before it is turned. */
function turnedLike({ width, height }: Size, seen: Size): Size {
  return width > height === seen.width > seen.height ? { width, height } : { width: height, height: width };
}

/** Whether a picture of that size is decoded smaller than it is. */
function isScaled({ width, height }: Size): boolean {
  return Math.max(width, height) > limits.decodedSidePx;
}

/**
 * A picture, upright, in full size or scaled to `limits.decodedSidePx`. Whoever receives the bitmap closes it.
 * @param file its MIME type must be correct, as in `PictureFile.file`.
 * @param size px of the full-size picture, upright; left out, it is not scaled
 * @throws PictureError naming `path`.
 */
export async function decodePicture(file: Blob, path: string, size?: Size): Promise<ImageBitmap> {
  const abort = new AbortController();
  const decoding = decode(file, size, abort.signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Decoding cannot be cancelled; a late result is released.
      decoding.then((bitmap) => bitmap.close()).catch(() => {});
      abort.abort();
      reject(
        new PictureError('too-slow', path, `${path} took more than ${limits.decodeMs / 1000} s to decode.`),
      );
    }, limits.decodeMs);
  });
  try {
    return await Promise.race([decoding, timeout]);
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw damaged(path, file.type, cause);
  } finally {
    clearTimeout(timer);
  }
}

async function decode(file: Blob, size: Size | undefined, signal: AbortSignal): Promise<ImageBitmap> {
  if (file.type === 'image/tiff')
    return (await import('./tiff')).decodeTiff(file, limits.decodedSidePx, signal);
  if (file.type === 'image/heic')
    return (await import('./heic')).decodeHeic(file, limits.decodedSidePx, signal);
  if (!size || !isScaled(size)) return createImageBitmap(file, { imageOrientation: 'from-image' });
  const { decodeScaled } = await import('./scaled');
  return decodeScaled(file, sizeWithin(size, limits.decodedSidePx), signal);
}

async function readBytes(file: File, path: string): Promise<Uint8Array> {
  if (file.size > limits.bytes) {
    throw new PictureError('too-large', path, `${path} is larger than ${limits.bytes / 1024 ** 2} MB.`);
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new PictureError('unreadable', path, `${path} could not be read from disk.`, { cause });
  }
  if (bytes.length === 0) throw new PictureError('empty', path, `${path} is empty.`);
  return bytes;
}

function refuseTooLarge({ width, height }: Size, path: string): void {
  if (Math.max(width, height) <= limits.sidePx && width * height <= limits.pixels) return;
  const most =
    `${limits.sidePx} px a side, scaled down above ${limits.decodedSidePx} px, ` +
    `and ${Math.floor(limits.pixels / 1e6)} megapixels`;
  throw new PictureError(
    'too-large',
    path,
    `${path} says it has ${width} × ${height} px; Mien takes up to ${most}.`,
  );
}

/** What libraries of Mien decode: they tell why they do not. */
const decodedHere: Readonly<Record<string, { readonly label: string; readonly instead: string }>> = {
  'image/heic': { label: 'HEIC', instead: 'JPEG' },
  'image/tiff': { label: 'TIFF', instead: 'PNG' },
};

function damaged(path: string, type: string, cause?: unknown): PictureError {
  const own = decodedHere[type];
  if (own) {
    const why = (cause as Error | undefined)?.message;
    const message = `${path} is a ${own.label} picture that cannot be decoded${why ? ` (${why})` : ''}. Save it as ${own.instead} and try again.`;
    return new PictureError('damaged', path, message, { cause });
  }
  const message = `${path} is damaged or cut short, and cannot be decoded.`;
  return new PictureError('damaged', path, message, { cause });
}
