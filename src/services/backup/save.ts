/** Writes everything a person made into one ZIP, record by record. */

import { errorMessage } from '../../shared/format/error';
import { zipStream, type ZipFile } from '../../shared/formats/zip';
import { createPrivateFile } from '../../shared/storage/private-file';
import {
  blobPath,
  FORMAT,
  itemFolder,
  MANIFEST,
  recordsPath,
  VERSION,
  type BackupManifest,
  type ManifestItem,
} from './manifest';
import { listItems } from './report';
import {
  Unreadable,
  type BackupHooks,
  type BackupItem,
  type BackupPart,
  type SavedBackup,
  type StoredRecord,
} from './types';
import { encodeValue } from './values';

/** Of the page's private file system. */
const FOLDER = 'backups';
const TYPE = 'application/zip';

/** @throws the signal's reason, or what reading storage throws */
export async function saveBackup(parts: readonly BackupPart[], hooks: BackupHooks): Promise<SavedBackup> {
  const { signal } = hooks;
  for (const part of parts) await part.settle?.();
  const now = new Date();
  const write = async (make: (stream: ReadableStream<Uint8Array>) => Promise<Blob>) => {
    const notes: string[] = [];
    const blob = await make(zipStream(filesOf(parts, now, notes, hooks)));
    return { name: `mien-${now.toISOString().slice(0, 10)}.zip`, blob, notes };
  };
  try {
    return await write((stream) => toDisk(stream, signal));
  } catch (thrown) {
    signal.throwIfAborted();
    console.warn('A file on disk cannot be written; it is made in memory.', thrown);
    return write((stream) => toMemory(stream, signal));
  }
}

async function toDisk(stream: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Blob> {
  const target = await createPrivateFile(FOLDER);
  try {
    await stream.pipeTo(target.writable, { signal });
    return new Blob([await target.file()], { type: TYPE });
  } catch (thrown) {
    await target.remove().catch(() => undefined);
    throw thrown;
  }
}

/** Into a blob, which browsers move to disk as it grows. */
async function toMemory(stream: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<Blob> {
  const pieces: Blob[] = [];
  await stream.pipeTo(
    new WritableStream<Uint8Array<ArrayBuffer>>({ write: (piece) => void pieces.push(new Blob([piece])) }),
    { signal },
  );
  return new Blob(pieces, { type: TYPE });
}

/** @param notes hears what is in the file and what is not */
async function* filesOf(
  parts: readonly BackupPart[],
  now: Date,
  notes: string[],
  { signal, onProgress }: BackupHooks,
): AsyncGenerator<ZipFile> {
  const manifest: BackupManifest = { format: FORMAT, version: VERSION, made: now.toISOString(), parts: [] };
  for (const { name, title, version, items } of parts) {
    const written: ManifestItem[] = [];
    manifest.parts.push({ name, version, items: written });
    try {
      for await (const item of items()) {
        signal.throwIfAborted();
        onProgress({ kind: 'saving', title, done: written.length, total: null });
        const index = written.length;
        yield* filesOfItem(item, itemFolder(name, index), (done) => written.push(done), notes);
      }
    } catch (thrown) {
      signal.throwIfAborted();
      notes.push(`${title} could not be read, and are not in the file as a whole: ${errorMessage(thrown)}`);
    }
  }
  const nouns = manifest.parts.flatMap(({ name, items }) => {
    const { noun } = parts.find((part) => part.name === name)!;
    return items.filter(({ isQuiet }) => !isQuiet).map((item) => item.noun ?? noun);
  });
  notes.unshift(`In the file: ${listItems(nouns) || 'nothing'}.`);
  yield { name: MANIFEST, data: JSON.stringify(manifest) };
}

/** An item's records, then the blobs that are in them. What cannot be read is left out, and that is noted. */
async function* filesOfItem(
  item: BackupItem,
  folder: string,
  onWritten: (item: ManifestItem) => void,
  notes: string[],
): AsyncGenerator<ZipFile> {
  const { id, title, isQuiet = false, noun } = item;
  const blobs: Blob[] = [];
  const records = item.records()[Symbol.asyncIterator]();
  let first: string;
  try {
    const { done, value } = await records.next();
    if (done) return;
    const { line, lost } = await lineOf(value, blobs);
    // Such as a picture's thumbnail: without it there is still the rest.
    for (const i of lost) blobs[i] = new Blob([], { type: blobs[i].type });
    if (lost.length) notes.push(`${title}: the browser has lost a part of it, which is empty in the file.`);
    first = line;
  } catch (thrown) {
    notes.push(`${title} could not be read, and is not in the file: ${errorMessage(thrown)}`);
    return;
  }
  let count = 1;
  async function* lines() {
    yield first;
    for await (const record of { [Symbol.asyncIterator]: () => records }) {
      const before = blobs.length;
      try {
        const { line, lost } = await lineOf(record, blobs);
        if (lost.length) throw new Error('the browser has lost its file');
        count += 1;
        yield line;
      } catch (thrown) {
        blobs.length = before;
        notes.push(
          `${title}: a part of it could not be read, and is not in the file: ${errorMessage(thrown)}`,
        );
      }
    }
  }
  yield { name: recordsPath(folder), data: lines() };
  for (const [i, blob] of blobs.entries()) yield { name: blobPath(folder, i), data: blob };
  onWritten({ id, title, isQuiet, ...(noun && { noun }), records: count, blobs: blobs.length });
}

/**
 * @param blobs gets those of the record
 * @returns the record as a line of JSON, and which of its blobs cannot be read
 * @throws what kept the record from being read, or written as JSON
 */
async function lineOf(
  { store, key, value }: StoredRecord,
  blobs: Blob[],
): Promise<{ readonly line: string; readonly lost: readonly number[] }> {
  if (value instanceof Unreadable) throw value.reason;
  const first = blobs.length;
  const json = encodeValue(value, (blob) => blobs.push(blob) - 1);
  const lost: number[] = [];
  for (let i = first; i < blobs.length; i++) if (!(await isReadable(blobs[i]))) lost.push(i);
  return { line: `${JSON.stringify({ store, key, value: json })}\n`, lost };
}

/** Browsers lose bytes of what they keep now and then; one lost picture must not keep the others. */
async function isReadable(blob: Blob): Promise<boolean> {
  try {
    await blob.slice(-1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
