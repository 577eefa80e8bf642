/** Decodes TIFF with utif2, the maintained package of Photopea's UTIF.js. Runs in a worker, which alone fetches it. */

import UTIF from 'utif2';
import { orientationOf } from './orientation';
import { readDirectory, tag } from './tiff-header';
import { turnPixels, type Pixels } from './turn-pixels';

/** None, CCITT, LZW, JPEG, Deflate, PackBits: those that the library decodes and other programs write. */
const compressions = [1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946];

// The library looks on `window`, which a worker lacks, for a converter of CMYK that may be there.
Object.assign(globalThis, { window: globalThis });

/** The first page, upright. @throws Error saying what it cannot decode */
export function pixelsOfTiff(buffer: ArrayBuffer): Pixels {
  const { tags } = readDirectory(new DataView(buffer)) ?? {};
  const compression = tags?.get(tag.compression) ?? 1;
  if (!compressions.includes(compression)) throw new Error(`compression ${compression} is not supported`);
  const isPlanar = tags?.get(tag.planarConfiguration) === 2 && (tags.get(tag.samplesPerPixel) ?? 1) > 1;
  if (isPlanar) throw new Error('colours in planes of their own are not supported');
  const [page] = UTIF.decode(buffer);
  if (!hasPixels(page, buffer.byteLength)) throw new Error('its pixels are cut short');
  UTIF.decodeImage(buffer, page);
  const { width, height } = page;
  const rgba = UTIF.toRGBA8(page);
  const data = new Uint8ClampedArray(rgba.buffer as ArrayBuffer, rgba.byteOffset, rgba.length);
  if (data.length !== 4 * width * height) throw new Error('its pixels are of a kind unknown here');
  return turnPixels({ width, height, data }, orientationOf(new Uint8Array(buffer)));
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
