/** Model files in Cache Storage, each under its address and SHA-256, so that two versions never mix. */

export interface FileRecord {
  /** Path relative to the models' folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface FileCache {
  has(file: FileRecord): Promise<boolean>;
  /** The bytes as stored, unless the disk damaged them; null where there are none. */
  read(file: FileRecord): Promise<ArrayBuffer | null>;
  /** A file is stored whole or not at all. @throws DOMException `QuotaExceededError` */
  put(file: FileRecord, bytes: ArrayBuffer): Promise<void>;
  /** Removes the models' files that are not in the list. */
  keepOnly(files: readonly FileRecord[]): Promise<void>;
}

/**
 * @param name of the cache; @param modelsUrl address of the models' folder, absolute, ends with a slash.
 * @returns null where there is no Cache Storage: on insecure pages, or where the user forbids it.
 */
export async function openFileCache(name: string, modelsUrl: string): Promise<FileCache | null> {
  const cache = await globalThis.caches?.open(name).catch(() => null);
  if (!cache) return null;
  const keyOf = ({ path, sha256 }: FileRecord) => `${new URL(path, modelsUrl).href}?sha256=${sha256}`;
  return {
    has: async (file) => (await cache.match(keyOf(file))) !== undefined,
    read: async (file) => (await cache.match(keyOf(file)))?.arrayBuffer() ?? null,
    put: (file, bytes) => cache.put(keyOf(file), new Response(bytes)),
    async keepOnly(files) {
      const kept = new Set(files.map(keyOf));
      const urls = (await cache.keys()).map(({ url }) => url);
      const old = urls.filter((url) => url.startsWith(modelsUrl) && !kept.has(url));
      await Promise.all(old.map((url) => cache.delete(url)));
    },
  };
}
