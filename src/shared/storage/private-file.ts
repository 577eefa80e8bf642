/** Large files that are written piece by piece: on disk, in the file system that the browser keeps for the page alone. */

export interface PrivateFile {
  readonly writable: FileSystemWritableFileStream;
  /** What was written, once `writable` is closed. */
  file(): Promise<File>;
  /** It is not wanted after all. */
  remove(): Promise<void>;
}

/** Everything that lies there. */
const FOLDERS = ['backups', 'film-exports'] as const;
export type PrivateFolder = (typeof FOLDERS)[number];

/** A page holds the lock of this name and the file's for as long as it may still be read. */
const LOCK = 'mien-file:';

/** The newest file of this page, by its folder. */
const own: Partial<Record<PrivateFolder, string>> = {};

/**
 * @param folder its other files are removed, but for those of other tabs: what an earlier export left is saved by now
 * @throws where the browser gives no such file system, or cannot write to it from a page
 */
export async function createPrivateFile(folder: PrivateFolder): Promise<PrivateFile> {
  const root = await navigator.storage.getDirectory();
  await removeUnused(root, folder).catch(() => undefined);
  const directory = await root.getDirectoryHandle(folder, { create: true });
  const name = `${crypto.randomUUID()}.part`;
  await hold(name);
  own[folder] = name;
  const handle = await directory.getFileHandle(name, { create: true });
  return {
    writable: await handle.createWritable(),
    file: () => handle.getFile(),
    remove: () => directory.removeEntry(name),
  };
}

/** Removes what earlier visits left, which would take room without being of use. Best effort. */
export async function removeLeftovers(): Promise<void> {
  try {
    const root = await navigator.storage.getDirectory();
    for (const folder of FOLDERS) await removeUnused(root, folder).catch(() => undefined);
  } catch {
    // Without such a file system there is nothing in it.
  }
}

/** Until the page is closed. Without locks (Safari before 15.4), tabs know nothing of each other. */
function hold(name: string): Promise<void> {
  return new Promise((resolve) => {
    if (!navigator.locks) return resolve();
    void navigator.locks.request(LOCK + name, () => {
      resolve();
      return new Promise(() => undefined);
    });
  });
}

async function removeUnused(root: FileSystemDirectoryHandle, folder: PrivateFolder): Promise<void> {
  const directory = await root.getDirectoryHandle(folder);
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  const inUse = held.map(({ name }) => name).filter((name) => name !== LOCK + own[folder]);
  const names: string[] = [];
  for await (const name of directory.keys()) names.push(name);
  for (const name of names)
    if (!inUse.includes(LOCK + name)) await directory.removeEntry(name).catch(() => undefined);
}
