/**
 * The picture formats Mien knows, recognised by their first bytes and never by their names, and what their headers say: the
 * size, so that a huge picture is rejected before it is decoded, and whether it is animated. Tried instead: image-size
 * (6.1 kB gzip where this is 1.8) and image-dimensions (2.3 kB, no BMP); neither tells animations.
 */

import { hasAnimationChunk, hasTwoFrames } from './header-frames';
import { sizeOfBmp, sizeOfHeif, sizeOfJpeg, sizeOfWebp, tagAt } from './header-size';
import { hasMorePages, isTiff, sizeOfTiff } from './tiff-header';
import type { Size } from './types';

export interface PictureKind {
  /** MIME type. */
  readonly type: string;
  /** The name people use. */
  readonly label: string;
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Px as stored, before any EXIF orientation; undefined where the header is corrupt or truncated. */
  readonly sizeOf: (bytes: DataView) => Size | undefined;
  /** Whether it has more than one frame or page. */
  readonly isAnimated?: (bytes: DataView) => boolean;
}

const kinds: readonly PictureKind[] = [
  { type: 'image/jpeg', label: 'JPEG', matches: starts(0xff, 0xd8, 0xff), sizeOf: sizeOfJpeg },
  {
    type: 'image/png',
    label: 'PNG',
    matches: starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    sizeOf: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
    isAnimated: hasAnimationChunk,
  },
  {
    type: 'image/gif',
    label: 'GIF',
    matches: (bytes) => ['GIF87a', 'GIF89a'].includes(textAt(bytes, 0, 6)),
    sizeOf: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
    isAnimated: hasTwoFrames,
  },
  {
    type: 'image/webp',
    label: 'WebP',
    matches: (bytes) => textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 4) === 'WEBP',
    sizeOf: sizeOfWebp,
    isAnimated: (view) => tagAt(view, 12) === 'VP8X' && (view.getUint8(20) & 0x02) !== 0,
  },
  {
    type: 'image/avif',
    label: 'AVIF',
    matches: hasBrand('avif', 'avis'),
    sizeOf: sizeOfHeif,
    isAnimated: (view) => tagAt(view, 8) === 'avis',
  },
  {
    type: 'image/heic',
    label: 'HEIC',
    matches: hasBrand('heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'),
    sizeOf: sizeOfHeif,
  },
  {
    type: 'image/tiff',
    label: 'TIFF',
    matches: isTiff,
    sizeOf: sizeOfTiff,
    isAnimated: hasMorePages,
  },
  { type: 'image/bmp', label: 'BMP', matches: starts(0x42, 0x4d), sizeOf: sizeOfBmp },
];

/** Undefined for anything but a picture format Mien knows. */
export function kindOf(bytes: Uint8Array): PictureKind | undefined {
  return kinds.find(({ matches }) => matches(bytes));
}

/** `JPEG, PNG, … or BMP`. */
export const formatKinds = kinds
  .map(({ label }) => label)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** For the `accept` of an `<input type=file>`: pictures, the points that may come with them, and all of these in a ZIP. */
export const acceptedFiles = [
  ...kinds.map(({ type }) => type),
  '.heic',
  '.heif',
  '.tif',
  '.pts',
  '.ljson',
  '.tem',
  '.json',
  '.csv',
  '.tsv',
  '.xml',
  '.tps',
  '.zip',
].join(',');

/** @returns size and animation by the header, or undefined where it is corrupt or truncated. */
export function readHeader(
  kind: PictureKind,
  bytes: Uint8Array,
): (Size & { readonly isAnimated: boolean }) | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = kind.sizeOf(view);
    if (!size || size.width < 1 || size.height < 1) return undefined;
    return { ...size, isAnimated: kind.isAnimated?.(view) ?? false };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function starts(...magic: number[]): (bytes: Uint8Array) => boolean {
  return (bytes) => magic.every((byte, i) => bytes[i] === byte);
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/** Whether an ISO base media file (ISO/IEC 14496-12) has one of the brands as its major or a compatible brand. */
function hasBrand(...brands: string[]): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    if (textAt(bytes, 4, 4) !== 'ftyp') return false;
    const end = Math.min(256, 256 * bytes[2] + bytes[3]);
    for (let at = 8; at < end; at += 4) if (brands.includes(textAt(bytes, at, 4))) return true;
    return false;
  };
}
