/** Lists the files a person dropped, pasted or picked, including those in folders. */

import { PictureError } from './picture-error';
import type { IncomingFile } from './types';

export interface Listing {
  readonly files: readonly IncomingFile[];
  /** Files and folders that could not be read. */
  readonly problems: readonly PictureError[];
}

/** Files of an `<input type=file>` (with `webkitdirectory` too), of a camera or of another program. */
export function filesOfList(list: Iterable<File>): Listing {
  const files = Array.from(list, (file) => ({ file, folder: folderOf(file.webkitRelativePath ?? '') }));
  return { files, problems: [] };
}

/** Files that a person opened with this app in the system's file manager. */
export async function filesOfHandles(handles: readonly FileSystemFileHandle[]): Promise<Listing> {
  const files: IncomingFile[] = [];
  const problems: PictureError[] = [];
  for (const handle of handles) {
    try {
      files.push({ file: await handle.getFile(), folder: '' });
    } catch (cause) {
      problems.push(unreadable(handle.name, cause));
    }
  }
  return { files, problems };
}

/**
 * Files of a drop or a paste, folders read recursively. Call it in the event's handler: the transfer is emptied after the
 * first `await`.
 */
export async function filesOfTransfer(transfer: DataTransfer): Promise<Listing> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  // A pasted picture has no entry in the file system.
  const { files } = filesOfList(items.flatMap((item, i) => (entries[i] ? [] : (item.getAsFile() ?? []))));
  const listing = { files: [...files], problems: [] as PictureError[] };
  for (const entry of entries) if (entry) await list(entry, listing);
  return listing;
}

/** Adds all files under `entry`. */
async function list(
  entry: FileSystemEntry,
  into: { files: IncomingFile[]; problems: PictureError[] },
): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      into.files.push({ file, folder: folderOf(path) });
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // A reader returns at most a hundred entries at a time, and none at the end.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const inner of some) await list(inner, into);
    }
  } catch (cause) {
    into.problems.push(unreadable(path, cause));
  }
}

function unreadable(path: string, cause: unknown): PictureError {
  return new PictureError('unreadable', path, `${path} could not be read from disk.`, { cause });
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

/** `folder/name`, or the name alone. */
export function pathOf({ file, folder }: IncomingFile): string {
  return folder === '' ? file.name : `${folder}/${file.name}`;
}
