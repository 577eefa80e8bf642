/** How much of the browser's storage the app uses, in bytes, and clearing it. */

/** Prefix of Workbox's caches. */
const shellPrefix = 'workbox-precache';

/** Bytes of all response bodies in caches with this prefix; 0 without Cache Storage. */
export async function bytesOfCaches(prefix: string): Promise<number> {
  const sizes = await Promise.all((await cacheNames(prefix)).map(bytesOfCache));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

export const bytesOfShell = (): Promise<number> => bytesOfCaches(shellPrefix);

export async function emptyCaches(prefix: string): Promise<void> {
  await Promise.all((await cacheNames(prefix)).map((name) => caches.delete(name)));
}

/** Removes the app itself from the browser; the next visit online installs it again. */
export async function removeShell(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.unregister();
  await emptyCaches(shellPrefix);
}

async function cacheNames(prefix: string): Promise<string[]> {
  const names = (await globalThis.caches?.keys()) ?? [];
  return names.filter((name) => name.startsWith(prefix));
}

async function bytesOfCache(name: string): Promise<number> {
  const responses = await (await caches.open(name)).matchAll();
  const blobs = await Promise.all(responses.map((response) => response.blob()));
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
