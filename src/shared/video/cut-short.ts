/**
 * Whether the end of a WebM or Matroska file is missing. Mediabunny reads whole clusters, some seconds each, and leaves out a last one that
 * is not.
 */

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
/** An element's id takes up to 4 bytes, its size up to 8. */
const MAX_HEADER = 12;

interface Element {
  readonly id: number;
  /** Where what it holds begins and ends in the file; null where it does not say how long it is. */
  readonly from: number;
  readonly to: number | null;
}

/** @returns false of other files, and where it cannot be told, as of clusters without a size, which are read to the end */
export async function isCutShort(file: Blob): Promise<boolean> {
  const header = await elementAt(file, 0);
  if (header?.id !== EBML || header.to === null) return false;
  const segment = await elementAt(file, header.to);
  if (segment?.id !== SEGMENT) return false;
  if (segment.to !== null) return segment.to > file.size;
  let at: number | null = segment.from;
  while (at !== null && at < file.size) {
    const element: Element | null = await elementAt(file, at);
    if (!element) return false;
    at = element.to;
  }
  return at !== null && at > file.size;
}

/** Null where none begins. */
async function elementAt(file: Blob, at: number): Promise<Element | null> {
  const bytes = new Uint8Array(await file.slice(at, at + MAX_HEADER).arrayBuffer());
  const idLength = lengthOf(bytes[0]);
  const sizeLength = lengthOf(bytes[idLength]);
  const from = idLength + sizeLength;
  if (idLength > 4 || sizeLength > 8 || bytes.length < from) return null;
  const number = (some: Iterable<number>) => [...some].reduce((sum, byte) => sum * 256 + byte, 0);
  // The first set bit of a size says how many bytes it takes; all others set: unknown.
  const size = number([bytes[idLength] & (0xff >> sizeLength), ...bytes.subarray(idLength + 1, from)]);
  const isUnknown = size >= 2 ** (7 * sizeLength) - 1;
  return {
    id: number(bytes.subarray(0, idLength)),
    from: at + from,
    to: isUnknown ? null : at + from + size,
  };
}

/** Of a number whose leading zeros tell it. */
const lengthOf = (first: number | undefined): number => (first ? Math.clz32(first) - 23 : 9);
