/** Picture sizes from their headers, px as stored. A truncated header throws a RangeError. */

import type { Size } from './types';

/** A four-letter code. */
export function tagAt(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}

/** From segment to segment up to the frame header (ITU-T T.81, B.1). */
export function sizeOfJpeg(view: DataView): Size | undefined {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFill = marker === 0xff;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += isFill ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
}

/** RFC 9649, section 2. */
export function sizeOfWebp(view: DataView): Size | undefined {
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
export function sizeOfHeif(view: DataView): Size | undefined {
  let largest: Size | undefined;
  // The contents of `meta` and `ispe` come after four bytes of version and flags.
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

/** The contents of all boxes of one type. */
function* boxesOf(view: DataView, inside: Span, type: string): Generator<Span> {
  for (let at = inside.start; at + 8 <= inside.end;) {
    const short = view.getUint32(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? inside.end - at : short;
    const end = at + size;
    // Also in a truncated file: the missing part may be the largest.
    if (size < header || end > inside.end) return;
    if (tagAt(view, at + 4) === type) yield { start: at + header, end };
    at = end;
  }
}

export function sizeOfBmp(view: DataView): Size | undefined {
  const isOld = view.getUint32(14, true) === 12;
  if (isOld) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  // A negative height: rows from the top.
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}
