/** Decodes TIFF with utif2, the maintained package of Photopea's UTIF.js. Runs in a worker, which alone fetches it. */

import UTIF from 'utif2';
import { orientationOf } from './orientation';
import { mainPicture, tag, type Directory } from './tiff-header';
import { turnPixels, type Pixels } from './turn-pixels';

/** None, CCITT, LZW, JPEG, Deflate, PackBits: those that the library decodes and other programs write. */
const compressions = [1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946];

const jpeg = [6, 7];
const [WHITE_IS_0, BLACK_IS_0, RGB, PALETTE, CMYK, YCBCR] = [0, 1, 2, 3, 5, 6];
const [UNSIGNED, FLOAT, UNKNOWN] = [1, 3, 4];
const FLOAT_PREDICTOR = 3;
/** What a sample beyond the colours is, where it is how opaque a pixel is. */
const opacity = [1, 2];
const LITTLE_ENDIAN = 0x49;

// The library looks on `window`, which a worker lacks, for a converter of CMYK that may be there.
Object.assign(globalThis, { window: globalThis });

/** The first page, or the largest picture where a small copy comes first, upright. @throws Error saying what it cannot decode */
export function pixelsOfTiff(buffer: ArrayBuffer): Pixels {
  const picture = mainPicture(new DataView(buffer));
  if (!picture) throw new Error('it is no TIFF');
  const unsupported = unsupportedIn(picture, new Uint8Array(buffer)[0] === LITTLE_ENDIAN);
  if (unsupported) throw new Error(`${unsupported} not supported`);
  if (!hasPixels(picture, buffer.byteLength)) throw new Error('its pixels are cut short');
  const pixels = isInPlanes(picture) ? decodePlanes(picture, buffer) : decodePage(toPage(picture), buffer);
  if (!hasOpacity(picture)) for (let i = 3; i < pixels.data.length; i += 4) pixels.data[i] = 255;
  return turnPixels(pixels, orientationOf(new Uint8Array(buffer)));
}

function decodePage(page: UTIF.IFD, buffer: ArrayBuffer): Pixels {
  UTIF.decodeImage(buffer, page);
  const { width, height } = page;
  if (firstOf(page, tag.bitsPerSample) === 32) toShares(page, firstOf(page, tag.photometric) === RGB);
  const rgba = UTIF.toRGBA8(page);
  const data = new Uint8ClampedArray(rgba.buffer as ArrayBuffer, rgba.byteOffset, rgba.length);
  if (data.length !== 4 * width * height) throw new Error('its pixels are of a kind unknown here');
  return { width, height, data };
}

const firstOf = (page: UTIF.IFD, number: number) =>
  (page as unknown as Readonly<Record<string, number[] | undefined>>)[`t${number}`]?.[0];

/** Largest values of whole numbers that are kept as floating point, by which programs count that do not count to 1. */
const wholes = [255, 65_535];

/**
 * Numbers of floating point as shares from 0 to 1, as the library takes them: it lets others run over, and takes those below 0 for
 * a file of the other byte order. Where most are above 1 they are counted to 255 or 65 535, or else to the largest.
 */
function toShares({ data }: UTIF.IFD, isRgb: boolean): void {
  const values = new Float32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  const lit = values.filter((value) => value > 0 && value < Infinity);
  const above = lit.filter((value) => value > 1);
  const most = above.reduce((max, value) => Math.max(max, value), 1);
  const isCounted = 2 * above.length > lit.length;
  const whole = isCounted ? (wholes.find((one) => most <= one) ?? most) : 1;
  for (let i = 0; i < values.length; i++) {
    const share = Math.min(1, Math.max(0, values[i] / whole || 0));
    values[i] = isCounted && isRgb ? linear(share) : share;
  }
}

/** What the library will make the value again: of floating point it takes RGB, and that alone, for light as it is. */
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** The library knows no colours that lie in planes of their own: each is decoded as a gray picture. */
function decodePlanes(picture: Directory, buffer: ArrayBuffer): Pixels {
  const samples = samplesOf(picture);
  const planes = Array.from({ length: Math.min(samples, 4) }, (_, plane) => {
    const partOf = (number: number) => {
      const all = picture.all(number);
      const own = all.slice((plane * all.length) / samples, ((plane + 1) * all.length) / samples);
      return own.length ? [[`t${number}`, own] as const] : [];
    };
    const { stripOffsets, stripByteCounts, tileOffsets, tileByteCounts } = tag;
    const parts = [stripOffsets, stripByteCounts, tileOffsets, tileByteCounts].flatMap(partOf);
    const gray = {
      t262: [BLACK_IS_0],
      t277: [1],
      t258: picture.all(tag.bitsPerSample).slice(0, 1),
      t284: [1],
    };
    return decodePage({ ...toPage(picture), ...gray, ...Object.fromEntries(parts) }, buffer);
  });
  const [{ width, height }] = planes;
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (const [plane, own] of planes.entries())
    for (let i = plane; i < data.length; i += 4) data[i] = own.data[i - plane];
  return { width, height, data };
}

const isInPlanes = (picture: Directory) =>
  picture.first(tag.planarConfiguration) === 2 && samplesOf(picture) > 1;

/** Numbers of tags up to here are about pixels; those beyond may hold megabytes of other things, such as layers. */
const MAX_TAG = 599;

/** As the library reads directories itself; it reads those of TIFF alone, not of BigTIFF nor beneath others. */
function toPage(picture: Directory): UTIF.IFD {
  const fields = picture.tags
    .filter((number) => number <= MAX_TAG)
    .map((number) => [`t${number}`, picture.all(number)] as const);
  const page = Object.fromEntries(fields) as unknown as UTIF.IFD;
  // The library makes RGB of whatever is in JPEG, of gray too.
  const isGrayJpeg = isJpeg(picture) && coloursOf(picture) === BLACK_IS_0;
  return isGrayJpeg ? Object.assign(page, { t262: [RGB], t277: [3], t258: [8, 8, 8] }) : page;
}

const isJpeg = (picture: Directory) => jpeg.includes(picture.first(tag.compression) ?? 1);

const coloursOf = (picture: Directory) => picture.first(tag.photometric) ?? RGB;
const samplesOf = (picture: Directory) => picture.first(tag.samplesPerPixel) ?? 1;

/** What the library decodes wrongly, or not at all; null where it is right. */
function unsupportedIn(picture: Directory, isLittle: boolean): string | null {
  const compression = picture.first(tag.compression) ?? 1;
  if (!compressions.includes(compression)) return `compression ${compression} is`;
  const colours = coloursOf(picture);
  if (isInPlanes(picture) && (colours !== RGB || jpeg.includes(compression)))
    return 'colours in planes of their own, other than RGB or in JPEG, are';
  const known = bitsOf(colours, samplesOf(picture));
  if (!known) return `colours of kind ${colours} (as CIELab) are`;
  if (colours === CMYK && jpeg.includes(compression)) return 'CMYK in JPEG is';
  if (colours === WHITE_IS_0 && jpeg.includes(compression)) return 'gray from white to black in JPEG is';
  if (jpeg.includes(compression) && ![1, 3].includes(samplesOf(picture)))
    return `${samplesOf(picture)} samples in JPEG are`;
  if (colours === YCBCR && !jpeg.includes(compression)) return 'YCbCr without JPEG is';
  const bits = picture.all(tag.bitsPerSample);
  const own = bits[0] ?? 1;
  if (isInPlanes(picture) && own > 16) return 'colours of more than 16 bits in planes of their own are';
  if (colours === CMYK && own !== 8) return 'CMYK of other than 8 bits is';
  const format = picture.first(tag.sampleFormat) ?? UNSIGNED;
  const wanted = own === 32 ? [FLOAT] : [UNSIGNED, UNKNOWN];
  const isKnown = known.includes(own) && bits.every((one) => one === own) && wanted.includes(format);
  if (!isKnown || (own === 32 && !isLittle)) {
    const kind = format === FLOAT ? 'floating point ' : format === 2 ? 'signed ' : '';
    return `${samplesOf(picture)} samples of ${kind}${[...new Set(bits)].join(' and ') || 1} bits each are`;
  }
  if (picture.first(tag.predictor) === FLOAT_PREDICTOR) return 'the predictor for floating point is';
  return null;
}

/** Of each sample, as the library makes RGBA of them; null for colours that it does not know. */
function bitsOf(colours: number, samples: number): readonly number[] | null {
  switch (colours) {
    case WHITE_IS_0:
      return samples === 1 ? [1, 4, 8, 16] : [];
    case BLACK_IS_0:
      return samples === 1 ? [1, 2, 8, 16, 32] : [8];
    case RGB:
      if (samples < 3) return [];
      return samples <= 4 ? [8, 16, 32] : [8];
    case PALETTE:
      return samples === 1 ? [1, 2, 4, 8] : [8];
    case CMYK:
      return samples >= 4 ? [8] : [];
    case YCBCR:
      return samples === 3 ? [8] : [];
    default:
      return null;
  }
}

/** The library takes any sample after the colours for it. */
function hasOpacity(picture: Directory): boolean {
  return opacity.includes(picture.first(tag.extraSamples) ?? 0);
}

/** Whether all strips or tiles are in the file: the library leaves black what is not. */
function hasPixels(picture: Directory, bytes: number): boolean {
  const numbers = (strips: number, tiles: number) => {
    const own = picture.all(strips);
    return own.length ? own : picture.all(tiles);
  };
  const offsets = numbers(tag.stripOffsets, tag.tileOffsets);
  const counts = numbers(tag.stripByteCounts, tag.tileByteCounts);
  const isInside = offsets.every((offset, i) => offset + (counts[i] ?? 0) <= bytes);
  // Old programs leave the counts out where nothing is compressed.
  return isInside && offsets.length > 0 && (counts.length === 0 || counts.some((count) => count > 0));
}
