/** What lies in this browser's storage, in bytes, and emptying it. */

/** Workbox names its caches so. */
const shellPrefix = 'workbox-precache';

/** Bytes of the bodies in the caches whose names begin so; 0 where there is no Cache Storage. */
export async function bytesOfCaches(prefix: string): Promise<number> {
  const sizes = await Promise.all((await cacheNames(prefix)).map(bytesOfCache));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

export const bytesOfShell = (): Promise<number> => bytesOfCaches(shellPrefix);

export async function emptyCaches(prefix: string): Promise<void> {
  await Promise.all((await cacheNames(prefix)).map((name) => caches.delete(name)));
}

/** Takes the app itself out of the browser; it comes back with the next visit that has a network. */
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
