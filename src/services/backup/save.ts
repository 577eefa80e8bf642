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
import type { BackupHooks, BackupItem, BackupPart, SavedBackup } from './types';
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
  const counts = manifest.parts.map(({ name, items }) => ({
    part: parts.find((part) => part.name === name)!,
    count: items.filter(({ isQuiet }) => !isQuiet).length,
  }));
  notes.unshift(`In the file: ${listItems(counts) || 'nothing'}.`);
  yield { name: MANIFEST, data: JSON.stringify(manifest) };
}

/** An item's records, then the blobs that are in them. */
async function* filesOfItem(
  item: BackupItem,
  folder: string,
  onWritten: (item: ManifestItem) => void,
  notes: string[],
): AsyncGenerator<ZipFile> {
  const { id, title, isQuiet = false } = item;
  const blobs: Blob[] = [];
  let records = 0;
  async function* lines() {
    for await (const { store, key, value } of item.records()) {
      const first = blobs.length;
      const json = encodeValue(value, (blob) => blobs.push(blob) - 1);
      if (!(await areReadable(blobs.slice(first)))) {
        blobs.length = first;
        notes.push(`${title}: the browser has lost its file, which is not in this one either.`);
        continue;
      }
      records += 1;
      yield `${JSON.stringify({ store, key, value: json })}\n`;
    }
  }
  yield { name: recordsPath(folder), data: lines() };
  for (const [i, blob] of blobs.entries()) yield { name: blobPath(folder, i), data: blob };
  onWritten({ id, title, isQuiet, records, blobs: blobs.length });
}

/** Browsers lose bytes of what they keep now and then; one lost picture must not keep the others. */
async function areReadable(blobs: readonly Blob[]): Promise<boolean> {
  try {
    for (const blob of blobs) await blob.slice(-1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
