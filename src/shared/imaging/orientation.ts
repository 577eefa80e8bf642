/** How a camera held the picture, from its EXIF data: the eight turns of TIFF 6.0, section 8. */

import { tagAt } from './header-size';
import { mainPicture, readDirectory, tag } from './tiff-header';
import type { Size } from './types';

/** 1 is upright; 2, 4, 5 and 7 are mirrored; from 5 on width and height change places. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Of JPEG, PNG, WebP and TIFF; 1 where nothing is said, and for other formats. */
export function orientationOf(bytes: Uint8Array): Orientation {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const start = startOfExif(view);
    const value = start === null ? 1 : turnAt(view, start);
    return value !== undefined && value >= 1 && value <= 8 ? (value as Orientation) : 1;
  } catch (error) {
    if (error instanceof RangeError) return 1;
    throw error;
  }
}

/** That of a TIFF's own picture goes before that of a small copy, which comes first. */
function turnAt(view: DataView, start: number): number | undefined {
  const own = start === 0 ? mainPicture(view)?.first(tag.orientation) : undefined;
  return own ?? readDirectory(view, start)?.first(tag.orientation);
}

/** The size of the picture once it stands upright. */
export function uprightSize({ width, height }: Size, orientation: Orientation): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Where the TIFF header of the EXIF data is; null where there is none. */
function startOfExif(view: DataView): number | null {
  const first = view.getUint16(0);
  if (first === 0xffd8) return startInJpeg(view);
  if (first === 0x8950) return startInChunks(view, 8, 'eXIf', 'IDAT');
  if (tagAt(view, 0) === 'RIFF' && tagAt(view, 8) === 'WEBP') return startInRiff(view);
  return first === 0x4949 || first === 0x4d4d ? 0 : null;
}

/** Of the APP1 segment that begins with `Exif`. */
function startInJpeg(view: DataView): number | null {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xda) return null;
    if (marker === 0xe1 && tagAt(view, at + 4) === 'Exif') return at + 10;
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

/** PNG may carry it behind its pixels too, but then nobody reads it before they are shown. */
function startInChunks(view: DataView, from: number, wanted: string, last: string): number | null {
  for (let at = from; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    const chunk = tagAt(view, at + 4);
    if (chunk === wanted) return at + 8;
    if (chunk === last) return null;
  }
  return null;
}

function startInRiff(view: DataView): number | null {
  for (let at = 12; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at + 4, true);
    // Some programs put the marker of JPEG before it.
    if (tagAt(view, at) === 'EXIF') return at + 8 + (tagAt(view, at + 8) === 'Exif' ? 6 : 0);
    at += 8 + length + (length % 2);
  }
  return null;
}
