/**
 * The kinds of pictures Mien knows, by their first bytes and never by their names, and what their headers say: the size, so
 * that an absurd one is refused before anything is decoded, and whether the picture moves.
 */

import type { Size } from '../../overlay/view';

export interface PictureKind {
  /** MIME type. */
  readonly type: string;
  /** As people call it. */
  readonly label: string;
  readonly matches: (bytes: Uint8Array) => boolean;
  /** Px as stored, before any EXIF orientation; undefined where the header is broken or cut short. */
  readonly sizeOf: (bytes: DataView) => Size | undefined;
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
  { type: 'image/bmp', label: 'BMP', matches: starts(0x42, 0x4d), sizeOf: sizeOfBmp },
];

/** Undefined for bytes that are no picture Mien knows. */
export function kindOf(bytes: Uint8Array): PictureKind | undefined {
  return kinds.find(({ matches }) => matches(bytes));
}

/** `JPEG, PNG, … or BMP`. */
export const kindsInWords = kinds
  .map(({ label }) => label)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ');

/** For the `accept` of an `<input type=file>`: pictures, and the points that may come with them. */
export const acceptedFiles = [
  ...kinds.map(({ type }) => type),
  '.heic',
  '.pts',
  '.json',
  '.csv',
  '.xml',
].join(',');

/** @returns size and movement by the header, or undefined where it is broken or cut short. */
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

/** Four letters. */
function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

/** Whether an ISO base media file (ISO/IEC 14496-12) names one of the brands, as its own or as one it is compatible with. */
function hasBrand(...brands: string[]): (bytes: Uint8Array) => boolean {
  return (bytes) => {
    if (textAt(bytes, 4, 4) !== 'ftyp') return false;
    const end = Math.min(256, 256 * bytes[2] + bytes[3]);
    for (let at = 8; at < end; at += 4) if (brands.includes(textAt(bytes, at, 4))) return true;
    return false;
  };
}

/** From segment to segment up to the frame header (ITU-T T.81, B.1). */
function sizeOfJpeg(view: DataView): Size | undefined {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFill = marker === 0xff;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += isFill ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
}

/** An animated PNG says so in a chunk before its pixels. */
function hasAnimationChunk(view: DataView): boolean {
  for (let at = 8; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const chunk = tagAt(view, at + 4);
    if (chunk === 'acTL' || chunk === 'IDAT') return chunk === 'acTL';
  }
  return false;
}

/** From block to block (GIF89a specification, sections 18 to 26) until a second picture begins. */
function hasTwoFrames(view: DataView): boolean {
  const colourTable = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let frames = 0;
  let at = 13 + colourTable(view.getUint8(10));
  while (at < view.byteLength) {
    const block = view.getUint8(at);
    if (block === 0x2c) {
      frames += 1;
      if (frames === 2) return true;
      at += 11 + colourTable(view.getUint8(at + 9));
    } else if (block === 0x21) at += 2;
    else return false;
    // Sub-blocks, each after its length, up to an empty one.
    while (at < view.byteLength && view.getUint8(at) > 0) at += 1 + view.getUint8(at);
    at += 1;
  }
  return false;
}

/** RFC 9649, section 2. */
function sizeOfWebp(view: DataView): Size | undefined {
  const u24 = (at: number) => view.getUint16(at, true) + 65536 * view.getUint8(at + 2);
  switch (tagAt(view, 12)) {
    case 'VP8X':
      return { width: 1 + u24(24), height: 1 + u24(27) };
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    default:
      return undefined;
  }
}

/** The largest of the sizes that a HEIF file (ISO/IEC 23008-12) lists: the others are tiles and thumbnails. */
function sizeOfHeif(view: DataView): Size | undefined {
  let largest: Size | undefined;
  // Four bytes of version and flags come before what `meta` and `ispe` hold.
  for (const meta of boxesOf(view, { start: 0, end: view.byteLength }, 'meta'))
    for (const properties of boxesOf(view, { ...meta, start: meta.start + 4 }, 'iprp'))
      for (const list of boxesOf(view, properties, 'ipco'))
        for (const { start } of boxesOf(view, list, 'ispe')) {
          const size = { width: view.getUint32(start + 4), height: view.getUint32(start + 8) };
          if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
        }
  return largest;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the contents of the boxes of one type lie. */
function* boxesOf(view: DataView, inside: Span, type: string): Generator<Span> {
  for (let at = inside.start; at + 8 <= inside.end;) {
    const short = view.getUint32(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? inside.end - at : short;
    const end = at + size;
    // Also where the file is cut short: what is missing may be the largest.
    if (size < header || end > inside.end) return;
    if (tagAt(view, at + 4) === type) yield { start: at + header, end };
    at = end;
  }
}

function sizeOfBmp(view: DataView): Size | undefined {
  const isOld = view.getUint32(14, true) === 12;
  if (isOld) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  // A negative height: rows from the top.
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}
