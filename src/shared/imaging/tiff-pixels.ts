/** Decodes TIFF with utif2, the maintained package of Photopea's UTIF.js. Runs in a worker, which alone fetches it. */

import UTIF from 'utif2';
import { orientationOf } from './orientation';
import { readDirectory, tag } from './tiff-header';
import { turnPixels, type Pixels } from './turn-pixels';

/** None, CCITT, LZW, JPEG, Deflate, PackBits: those that the library decodes and other programs write. */
const compressions = [1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946];

const jpeg = [6, 7];
const [RGB, CMYK, YCBCR] = [2, 5, 6];
/** White is 0, black is 0, RGB, palette, CMYK, YCbCr. */
const colourKinds = [0, 1, RGB, 3, CMYK, YCBCR];
const FLOAT_PREDICTOR = 3;

// The library looks on `window`, which a worker lacks, for a converter of CMYK that may be there.
Object.assign(globalThis, { window: globalThis });

/** The first page, upright. @throws Error saying what it cannot decode */
export function pixelsOfTiff(buffer: ArrayBuffer): Pixels {
  const { tags } = readDirectory(new DataView(buffer)) ?? {};
  const unsupported = tags && unsupportedIn(tags);
  if (unsupported) throw new Error(`${unsupported} not supported`);
  const [page] = UTIF.decode(buffer);
  if (!hasPixels(page, buffer.byteLength)) throw new Error('its pixels are cut short');
  UTIF.decodeImage(buffer, page);
  const { width, height } = page;
  const rgba = UTIF.toRGBA8(page);
  const data = new Uint8ClampedArray(rgba.buffer as ArrayBuffer, rgba.byteOffset, rgba.length);
  if (data.length !== 4 * width * height) throw new Error('its pixels are of a kind unknown here');
  return turnPixels({ width, height, data }, orientationOf(new Uint8Array(buffer)));
}

/** What the library decodes wrongly, or not at all; null where it is right. */
function unsupportedIn(tags: ReadonlyMap<number, number>): string | null {
  const compression = tags.get(tag.compression) ?? 1;
  if (!compressions.includes(compression)) return `compression ${compression} is`;
  if (tags.get(tag.planarConfiguration) === 2 && (tags.get(tag.samplesPerPixel) ?? 1) > 1)
    return 'colours in planes of their own are';
  const colours = tags.get(tag.photometric) ?? RGB;
  if (!colourKinds.includes(colours)) return `colours of kind ${colours} (as CIELab) are`;
  if (colours === YCBCR && !jpeg.includes(compression)) return 'YCbCr without JPEG is';
  if (colours === CMYK && tags.get(tag.bitsPerSample) !== 8) return 'CMYK of other than 8 bits is';
  if (tags.get(tag.predictor) === FLOAT_PREDICTOR) return 'the predictor for floating point is';
  return null;
}

/** Whether all strips or tiles are in the file: the library leaves black what is not. */
function hasPixels(page: UTIF.IFD, bytes: number): boolean {
  const numbers = (strips: number, tiles: number) =>
    (page[`t${strips}`] ?? page[`t${tiles}`] ?? []) as number[];
  const offsets = numbers(tag.stripOffsets, tag.tileOffsets);
  const counts = numbers(tag.stripByteCounts, tag.tileByteCounts);
  const isInside = offsets.every((offset, i) => offset + (counts[i] ?? 0) <= bytes);
  // Old programs leave the counts out where nothing is compressed.
  return isInside && offsets.length > 0 && (counts.length === 0 || counts.some((count) => count > 0));
}
