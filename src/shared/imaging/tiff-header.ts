/** The tags of TIFF files, and of EXIF data, which is one: what a header says without its pixels. */

import type { Size } from './types';

/** Numbers of the tags (TIFF 6.0, section 8; EXIF 2.3). */
export const tag = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  tileOffsets: 324,
  tileByteCounts: 325,
  dngVersion: 50706,
} as const;

/** Bytes of a value by its type; 0 for those that are not read. */
const bytesOf: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

export interface Directory {
  /** The first number of each tag. */
  readonly tags: ReadonlyMap<number, number>;
  readonly hasNext: boolean;
}

/**
 * The first directory. A truncated header throws a RangeError.
 * @param start where the TIFF begins in the view
 * @returns undefined for anything but TIFF, and for BigTIFF
 */
export function readDirectory(view: DataView, start = 0): Directory | undefined {
  const order = view.getUint16(start);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const isLittle = order === 0x4949;
  if (view.getUint16(start + 2, isLittle) !== 42) return undefined;
  const at = start + view.getUint32(start + 4, isLittle);
  const count = view.getUint16(at, isLittle);
  const tags = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i;
    const bytes = bytesOf[view.getUint16(entry + 2, isLittle)] ?? 0;
    const length = bytes * view.getUint32(entry + 4, isLittle);
    if (length === 0) continue;
    const value = length > 4 ? start + view.getUint32(entry + 8, isLittle) : entry + 8;
    const read = { 1: 'getUint8', 2: 'getUint16', 4: 'getUint32' }[bytes] as 'getUint16';
    tags.set(view.getUint16(entry, isLittle), view[read](value, isLittle));
  }
  return { tags, hasNext: view.getUint32(at + 2 + 12 * count, isLittle) !== 0 };
}

export function sizeOfTiff(view: DataView): Size | undefined {
  const tags = readDirectory(view)?.tags;
  const [width, height] = [tags?.get(tag.width), tags?.get(tag.height)];
  return width && height ? { width, height } : undefined;
}

export function hasMorePages(view: DataView): boolean {
  return readDirectory(view)?.hasNext ?? false;
}

/** Whether it is a TIFF of pixels; what cameras call raw (DNG and the like) begins with a small copy of the picture. */
export function isTiff(bytes: Uint8Array): boolean {
  try {
    const tags = readDirectory(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))?.tags;
    if (!tags) return false;
    const isSmallCopy = ((tags.get(tag.subfileType) ?? 0) & 1) === 1;
    return !tags.has(tag.dngVersion) && !isSmallCopy;
  } catch {
    // Too short for its header: damaged rather than something else.
    return bytes.length > 8;
  }
}
