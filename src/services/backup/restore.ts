/** Reads a backup back: all of it is checked before anything is changed, then each item is taken over whole. */

import { errorMessage } from '../../shared/format/error';
import { crc32 } from '../../shared/formats/zip/crc32';
import { piecesOf } from '../../shared/formats/zip/pieces';
import { openZip, type ZipEntry } from '../../shared/formats/zip/read';
import { askToPersist } from '../../shared/storage/persist';
import { StorageError } from '../../shared/storage/storage-error';
import { unopenedMessage } from '../../shared/storage/unopened-message';
import { blobPath, itemFolder, MANIFEST, parseManifest, recordsPath, type ManifestItem } from './manifest';
import { describeTaken, type Taken } from './report';
import type { BackupHooks, BackupPart, BackupProgress, IncomingItem, StoredRecord } from './types';
import { decodeValue } from './values';

interface Work {
  readonly part: BackupPart;
  readonly version: number;
  readonly items: readonly IncomingItem[];
}

/** @throws Error naming the file and what is wrong with it, having changed nothing; or saying how far it came */
export async function restoreBackup(
  file: File,
  parts: readonly BackupPart[],
  { signal, onProgress }: BackupHooks,
): Promise<readonly string[]> {
  const entries = await openZip(file, file.name);
  // Packed again by another program, everything may lie in a folder.
  const path = [...entries.keys()]
    .filter((one) => one === MANIFEST || one.endsWith(`/${MANIFEST}`))
    .sort(byLength)[0];
  if (path === undefined) throw new Error(`${file.name}: is no file of everything kept in Mien`);
  const prefix = path.slice(0, -MANIFEST.length);
  await entries.get(path)!.check(signal);
  const manifest = parseManifest(await (await entries.get(path)!.open()).text(), file.name);

  const works: Work[] = [];
  for (const { name, version, items } of manifest.parts) {
    const part = parts.find((one) => one.name === name);
    if (!part || version > part.version)
      throw new Error(`${file.name}: its ${name} are of a newer version of Mien; reload the page to get it`);
    const incoming: IncomingItem[] = [];
    for (const [i, item] of items.entries()) {
      onProgress(progressOf('checking', part, i, items.length));
      incoming.push(await checkFiles(entries, prefix + itemFolder(name, i), item, file.name, signal));
    }
    for (const [i, item] of incoming.entries()) {
      signal.throwIfAborted();
      onProgress(progressOf('checking', part, i, items.length));
      await part.check(item, version).catch((cause: unknown) => {
        const isStorage = cause instanceof StorageError;
        const why = isStorage
          ? `cannot be read back here. ${unopenedMessage(cause, part.title)}`
          : errorMessage(cause);
        throw new Error(`${file.name}: ${why}`, { cause });
      });
    }
    works.push({ part, version, items: incoming });
  }
  return takeAll(works, { signal, onProgress });
}

const byLength = (one: string, other: string) => one.length - other.length;

const progressOf = (
  kind: BackupProgress['kind'],
  { title }: BackupPart,
  done: number,
  total: number,
): BackupProgress => ({ kind, title, done, total });

async function takeAll(works: readonly Work[], hooks: BackupHooks): Promise<readonly string[]> {
  const taken: Taken[] = [];
  askToPersist();
  // What was changed here a moment ago counts as what is here.
  for (const { part } of works) await part.settle?.();
  const [end] = await Promise.allSettled([takeItems(works, taken, hooks)]);
  const unshown = await refreshAll(works);
  const isWhole = end.status === 'fulfilled';
  const told = taken.length || isWhole ? describeTaken(taken) : [];
  const notes = [...told, ...unshown];
  if (isWhole) return notes;
  throw new Error([stopped(end.reason, hooks.signal), ...notes].join(' '), { cause: end.reason });
}

/** @param taken gets what was taken, one after the other */
async function takeItems(
  works: readonly Work[],
  taken: Taken[],
  { signal, onProgress }: BackupHooks,
): Promise<void> {
  const total = works.reduce((sum, { items }) => sum + items.length, 0);
  let done = 0;
  for (const { part, version, items } of works) {
    for (const item of items) {
      signal.throwIfAborted();
      onProgress(progressOf('reading back', part, done, total));
      const outcome = await part.take(item, version);
      done += 1;
      if (!item.isQuiet) taken.push({ noun: item.noun ?? part.noun, title: item.title, outcome });
    }
  }
}

/** @returns what keeps the pages from showing what came, in sentences: it is in storage all the same */
async function refreshAll(works: readonly Work[]): Promise<readonly string[]> {
  const ends = await Promise.allSettled(works.map(({ part }) => part.refresh()));
  return ends.flatMap((end) =>
    end.status === 'rejected' ? [`Reload the page to see it: ${errorMessage(end.reason)}`] : [],
  );
}

function stopped(thrown: unknown, { aborted }: AbortSignal): string {
  const goOn = 'Read the same file again to go on: what is here already is known.';
  if (aborted) return `It was stopped. ${goOn}`;
  if (thrown instanceof StorageError && thrown.problem === 'full')
    return `The browser’s storage is full, so not all of it could be taken over. Make room, then go on. ${goOn} (${thrown.message})`;
  return `Not all of it could be taken over: ${errorMessage(thrown)}. ${goOn}`;
}

/** @throws Error naming the file that is missing or damaged */
async function checkFiles(
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  { records, blobs: blobCount, ...about }: ManifestItem,
  file: string,
  signal: AbortSignal,
): Promise<IncomingItem> {
  const find = async (path: string) => {
    const entry = entries.get(path);
    if (!entry) throw new Error(`${file}: ${about.title}: ${path} is missing`);
    await entry.check(signal).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new Error(`${errorMessage(cause)} (${about.title})`, { cause });
    });
    return entry;
  };
  const list = await find(recordsPath(folder));
  const lines = await list.open();
  const blobs: Blob[] = [];
  let stamp = list.crc;
  for (let i = 0; i < blobCount; i++) {
    const entry = await find(blobPath(folder, i));
    stamp = crc32(new TextEncoder().encode(`${stamp} ${entry.crc}`));
    blobs.push(await entry.open());
  }
  const openBlob = (at: unknown) => {
    const blob = blobs[at as number];
    if (!blob) throw new Error(`there is no file ${String(at)}`);
    return blob;
  };
  async function* read(): AsyncGenerator<StoredRecord> {
    let count = 0;
    for await (const line of linesOf(lines)) {
      count += 1;
      yield parseRecord(line, openBlob, `${about.title}: record ${count}`);
    }
    if (count !== records) throw new Error(`${about.title}: has ${count} records, not ${records}`);
  }
  return { ...about, stamp: stamp.toString(16).padStart(8, '0'), records: read };
}

/** @throws Error naming the record */
function parseRecord(line: string, openBlob: (at: unknown) => Blob, subject: string): StoredRecord {
  try {
    const { store, key, value } = JSON.parse(line) as StoredRecord;
    if (typeof store !== 'string' || !isKey(key)) throw new Error('has no store or no key');
    return { store, key, value: decodeValue(value, openBlob) };
  } catch (cause) {
    throw new Error(`${subject} is damaged: ${errorMessage(cause)}`, { cause });
  }
}

const isKey = (key: unknown): boolean =>
  typeof key === 'string' || typeof key === 'number' || (Array.isArray(key) && key.every(isKey));

/** A long file line by line, without its line ends. */
async function* linesOf(file: Blob): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of piecesOf(file)) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines.filter(Boolean);
  }
  rest += decoder.decode();
  if (rest) yield rest;
}
