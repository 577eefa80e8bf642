/** The directories of TIFF and BigTIFF files, and of EXIF data, which is one: what is said of pictures without their pixels. */

import type { Size } from './types';

/** Numbers of the tags (TIFF 6.0, section 8; EXIF 2.3). */
export const tag = {
  subfileType: 254,
  oldSubfileType: 255,
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
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  dngVersion: 50706,
} as const;

/** Bytes of a value by its type; those of others, such as fractions and texts, are not read. */
const bytesOf: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 7: 1, 13: 4, 16: 8, 18: 8 };

/** Where the values of a tag are. */
interface Field {
  readonly bytes: number;
  readonly count: number;
  readonly at: number;
}

/** One picture of a file: the first number of each tag, or all. */
export interface Directory {
  first(wanted: number): number | undefined;
  /** Empty where the tag is not there. @param most at most so many. @throws RangeError where they are cut short */
  all(wanted: number, most?: number): number[];
  readonly tags: readonly number[];
}

/** How one file is laid out. */
interface Layout {
  readonly view: DataView;
  /** Where it begins in the view. */
  readonly start: number;
  readonly isLittle: boolean;
  readonly isBig: boolean;
  /** Of the first directory. */
  readonly at: number;
}

/** Files with more are not looked through further. */
const MAX_DIRECTORIES = 200;
/** As many as TIFF can count; BigTIFF could count more. */
const MAX_FIELDS = 0xffff;
const [TIFF, BIG_TIFF] = [42, 43];

/** A truncated header throws a RangeError. @returns undefined for anything but TIFF and BigTIFF */
function layoutOf(view: DataView, start: number): Layout | undefined {
  const order = view.getUint16(start);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const isLittle = order === 0x4949;
  const version = view.getUint16(start + 2, isLittle);
  if (version !== TIFF && version !== BIG_TIFF) return undefined;
  const isBig = version === BIG_TIFF;
  const at = isBig ? Number(view.getBigUint64(start + 8, isLittle)) : view.getUint32(start + 4, isLittle);
  return { view, start, isLittle, isBig, at: start + at };
}

/** @returns the directory, and where the next one is: null where it is the last */
function directoryAt(layout: Layout, at: number): { directory: Directory; next: number | null } {
  const { view, start, isLittle, isBig } = layout;
  const long = (place: number) =>
    isBig ? Number(view.getBigUint64(place, isLittle)) : view.getUint32(place, isLittle);
  const [countBytes, entryBytes, longBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const count = isBig ? long(at) : view.getUint16(at, isLittle);
  if (count > MAX_FIELDS) throw new RangeError('TIFF: too many fields');
  const fields = new Map<number, Field>();
  for (let i = 0; i < count; i++) {
    const entry = at + countBytes + entryBytes * i;
    const bytes = bytesOf[view.getUint16(entry + 2, isLittle)] ?? 0;
    const values = long(entry + 4);
    if (bytes * values === 0) continue;
    const own = entry + 4 + longBytes;
    const place = bytes * values > longBytes ? start + long(own) : own;
    fields.set(view.getUint16(entry, isLittle), { bytes, count: values, at: place });
  }
  const numberAt = ({ bytes, at: place }: Field, i: number): number => {
    const own = place + bytes * i;
    if (bytes === 8) return Number(view.getBigUint64(own, isLittle));
    if (bytes === 4) return view.getUint32(own, isLittle);
    return bytes === 2 ? view.getUint16(own, isLittle) : view.getUint8(own);
  };
  const directory: Directory = {
    first(wanted) {
      const field = fields.get(wanted);
      return field && numberAt(field, 0);
    },
    all(wanted, most = Infinity) {
      const field = fields.get(wanted);
      if (!field) return [];
      if (field.at + field.bytes * field.count > view.byteLength) throw new RangeError('TIFF: cut short');
      return Array.from({ length: Math.min(field.count, most) }, (_, i) => numberAt(field, i));
    },
    tags: [...fields.keys()],
  };
  const next = long(at + countBytes + entryBytes * count);
  return { directory, next: next === 0 ? null : start + next };
}

/** The first directory. A truncated header throws a RangeError. @param start where the TIFF begins in the view */
export function readDirectory(view: DataView, start = 0): Directory | undefined {
  const layout = layoutOf(view, start);
  return layout && directoryAt(layout, layout.at).directory;
}

/** Those of pages; where a small copy comes first, with those beneath them beside each. What comes after one that is cut short is not there. */
function pagesOf(view: DataView): { page: Directory; beneath: Directory[] }[] {
  const layout = layoutOf(view, 0);
  if (!layout) return [];
  const pages: { page: Directory; beneath: Directory[] }[] = [];
  const seen = new Set<number>();
  for (let at: number | null = layout.at; at !== null && !seen.has(at) && seen.size < MAX_DIRECTORIES;) {
    seen.add(at);
    try {
      const { directory, next }: ReturnType<typeof directoryAt> = directoryAt(layout, at);
      const isWanted = isAside(pages[0]?.page ?? directory);
      const places = (isWanted ? directory.all(tag.subDirectories, MAX_DIRECTORIES) : []).filter(
        (place) => !seen.has(place) && seen.size < MAX_DIRECTORIES && seen.add(place),
      );
      pages.push({ page: directory, beneath: places.map((place) => directoryAt(layout, place).directory) });
      at = next;
    } catch (error) {
      // Where a small copy comes first, the picture itself may be what is cut off.
      const isComplete = pages.length > 0 && !isAside(pages[0].page);
      if (!(error instanceof RangeError) || !isComplete) throw error;
      return pages;
    }
  }
  return pages;
}

/** Whether it is a small copy of another one, or a mask. */
function isAside(directory: Directory): boolean {
  const type = directory.first(tag.subfileType) ?? 0;
  return (type & 0b101) !== 0 || directory.first(tag.oldSubfileType) === 2;
}

const areaOf = (directory: Directory) =>
  (directory.first(tag.width) ?? 0) * (directory.first(tag.height) ?? 0);

/**
 * The picture of a file: the first page, or the largest picture where a small copy comes first. A truncated header throws a
 * RangeError.
 */
export function mainPicture(view: DataView): Directory | undefined {
  const pages = pagesOf(view);
  const [first] = pages;
  if (!first || !isAside(first.page)) return first?.page;
  const all = pages.flatMap(({ page, beneath }) => [page, ...beneath]);
  const whole = all.filter((one) => !isAside(one));
  return (whole.length ? whole : all).reduce((most, one) => (areaOf(one) > areaOf(most) ? one : most));
}

export function sizeOfTiff(view: DataView): Size | undefined {
  const picture = mainPicture(view);
  const [width, height] = [picture?.first(tag.width), picture?.first(tag.height)];
  return width && height ? { width, height } : undefined;
}

export function hasMorePages(view: DataView): boolean {
  return pagesOf(view).filter(({ page }) => !isAside(page)).length > 1;
}

/** What a sensor saw, before it is made a picture. */
const rawColours = [32803, 34892];

/** Whether it is a TIFF of pixels, rather than what cameras call raw (DNG and the like). */
export function isTiff(bytes: Uint8Array): boolean {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = readDirectory(view);
    if (!first || first.first(tag.dngVersion) !== undefined) return false;
    return !rawColours.includes(mainPicture(view)?.first(tag.photometric) ?? 0);
  } catch {
    // Too short for its header: damaged rather than something else.
    return bytes.length > 8;
  }
}
