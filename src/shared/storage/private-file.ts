/** Large files that are written piece by piece: on disk, in the file system that the browser keeps for the page alone. */

export interface PrivateFile {
  readonly writable: FileSystemWritableFileStream;
  /** What was written, once `writable` is closed. */
  file(): Promise<File>;
  /** It is not wanted after all. */
  remove(): Promise<void>;
}

/**
 * @param folder its other files are removed: what an earlier export left is saved by now
 * @throws where the browser gives no such file system, or cannot write to it from a page
 */
export async function createPrivateFile(folder: string): Promise<PrivateFile> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(folder, { recursive: true }).catch(() => undefined);
  const directory = await root.getDirectoryHandle(folder, { create: true });
  const name = `${crypto.randomUUID()}.part`;
  const handle = await directory.getFileHandle(name, { create: true });
  return {
    writable: await handle.createWritable(),
    file: () => handle.getFile(),
    remove: () => directory.removeEntry(name),
  };
}
