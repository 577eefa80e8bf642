/**
 * Reads ZIP files of any size: only the directory at their end is in memory, and what is stored as it is comes as a part of
 * the file itself. Sources: PKWARE's APPNOTE, 4.3.7 (local headers), 4.3.12 (directory), 4.3.14 (ZIP64).
 */

import { crc32OfBlob } from './crc32';
import { decodeName } from './names';

export interface ZipEntry {
  readonly path: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Of the unpacked bytes. */
  readonly crc: number;
  /** The unpacked bytes. @throws Error naming ZIP and entry when they are damaged */
  open(): Promise<Blob>;
  /** The unpacked bytes, checked. @throws Error naming ZIP and entry when they are not those that were packed */
  read(signal?: AbortSignal): Promise<Blob>;
  /** @throws Error naming ZIP and entry when the bytes are not those that were packed */
  check(signal: AbortSignal): Promise<void>;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** Bytes of the end record, without the comment of at most 65,535 after it. */
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0xffff;
/** In the place of a number that needs more than four bytes. */
const MORE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
/** Of the flags of an entry. */
const ENCRYPTED = 1;
/** What an entry takes in the directory on average at most, bytes: 46, its path, and little else. */
const MAX_ENTRY_BYTES = 1024;

const viewOf = async (part: Blob) => new DataView(await part.arrayBuffer());
const number64 = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

/**
 * @param maxEntries of a file whose origin is not known: a directory of more is not read
 * @throws Error naming the file when it is no ZIP, or damaged
 */
export async function openZip(
  file: Blob,
  name: string,
  maxEntries = Infinity,
): Promise<ReadonlyMap<string, ZipEntry>> {
  const { offset, size } = await findDirectory(file, name);
  if (offset + size > file.size) throw new Error(`${name}: is cut short, or no ZIP`);
  const tooMany = `${name}: holds more than ${maxEntries} files`;
  if (size > maxEntries * MAX_ENTRY_BYTES) throw new Error(tooMany);
  const view = await viewOf(file.slice(offset, offset + size));
  const entries = new Map<string, ZipEntry>();
  try {
    for (let at = 0; at < size;) {
      const { entry, bytes } = readEntry(view, at, file, name);
      if (entries.has(entry.path)) throw new Error(`${name}: holds two files named ${entry.path}`);
      entries.set(entry.path, entry);
      if (entries.size > maxEntries) throw new Error(tooMany);
      at += bytes;
    }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Error(`${name}: its directory is damaged`, { cause });
  }
  return entries;
}

async function findDirectory(file: Blob, name: string): Promise<{ offset: number; size: number }> {
  const from = Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES);
  const tail = await viewOf(file.slice(from));
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) throw new Error(`${name}: is cut short, or no ZIP`);
  const [size, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
  const locator = at - LOCATOR_BYTES;
  if (locator < 0 || tail.getUint32(locator, true) !== END_64_LOCATOR) return { offset, size };
  const place = number64(tail, locator + 8);
  const end = await viewOf(file.slice(place, place + 56));
  if (end.byteLength < 56 || end.getUint32(0, true) !== END_64)
    throw new Error(`${name}: its directory is damaged`);
  return { size: number64(end, 40), offset: number64(end, 48) };
}

function readEntry(view: DataView, at: number, file: Blob, name: string): { entry: ZipEntry; bytes: number } {
  if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new Error(`${name}: its directory is damaged`);
  const isEncrypted = (view.getUint16(at + 8, true) & ENCRYPTED) !== 0;
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
  const [nameBytes, extraBytes, commentBytes] = lengths;
  const path = decodeName(new Uint8Array(view.buffer, at + 46, nameBytes));
  const extra = new DataView(view.buffer, at + 46 + nameBytes, extraBytes);
  const [size, packed, offset] = widened(
    [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
    extra,
  );
  const open = async () => {
    if (isEncrypted) throw new Error(`${name}: ${path} is encrypted`);
    return unpack(file, { method, size, packed, offset }, `${name}: ${path}`);
  };
  const read = async (signal?: AbortSignal) => {
    const blob = await open();
    if (blob.size !== size || (await crc32OfBlob(blob, signal)) !== crc)
      throw new Error(`${name}: ${path} is damaged`);
    return blob;
  };
  return {
    bytes: 46 + nameBytes + extraBytes + commentBytes,
    entry: {
      path,
      size,
      crc,
      open,
      read,
      check: async (signal) => void (await read(signal)),
    },
  };
}

/** Numbers that did not fit stand in a field of their own, in this order. */
function widened(numbers: readonly number[], extra: DataView): number[] {
  let at = 0;
  while (at + 4 <= extra.byteLength && extra.getUint16(at, true) !== 1)
    at += 4 + extra.getUint16(at + 2, true);
  at += 4;
  return numbers.map((number) => {
    if (number !== MORE) return number;
    at += 8;
    return number64(extra, at - 8);
  });
}

interface Place {
  readonly method: number;
  readonly size: number;
  readonly packed: number;
  readonly offset: number;
}

async function unpack(file: Blob, { method, size, packed, offset }: Place, what: string): Promise<Blob> {
  const header = await viewOf(file.slice(offset, offset + 30));
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL_HEADER)
    throw new Error(`${what} is damaged`);
  const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const data = file.slice(start, start + packed);
  if (method === STORED) return data;
  if (method !== DEFLATED) throw new Error(`${what} is packed in a way that Mien cannot read`);
  return inflate(data, size, what);
}

/** Never unpacked to more than it claims. */
async function inflate(data: Blob, size: number, what: string): Promise<Blob> {
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > size) controller.error(new Error('more than it claims'));
      else controller.enqueue(chunk);
    },
  });
  try {
    const unpacked = data.stream().pipeThrough(new DecompressionStream('deflate-raw')).pipeThrough(limit);
    return await new Response(unpacked).blob();
  } catch (cause) {
    throw new Error(`${what} is damaged`, { cause });
  }
}
