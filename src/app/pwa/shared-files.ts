/** Pictures that other apps share with this one: the service worker keeps them until the page of pictures takes them. */

export const sharedFilesCache = 'mien-shared';

/** Keeps the files of a shared form, each at `shared/N?name=…` under the app's address. */
export async function stashSharedFiles(form: FormData, scope: string): Promise<void> {
  const files = [...form.values()].filter((value) => value instanceof File);
  const cache = await caches.open(sharedFilesCache);
  const first = Date.now();
  await Promise.all(
    files.map((file, i) => {
      const url = new URL(`shared/${first + i}?name=${encodeURIComponent(file.name)}`, scope);
      return cache.put(url, new Response(file));
    }),
  );
}

/**
 * Hands over the files that wait. Only once `take` has kept them do they go from here: a page that is closed meanwhile loses none.
 */
export async function takeShared(take: (files: readonly File[]) => Promise<void>): Promise<void> {
  // Where there is no service worker, there is no Cache Storage either.
  if (!('caches' in globalThis)) return;
  const hand = async () => {
    const cache = await caches.open(sharedFilesCache);
    const waiting = await cache.keys();
    if (!waiting.length) return;
    await take(await Promise.all(waiting.map((request) => readShared(cache, request))));
    await Promise.all(waiting.map((request) => cache.delete(request)));
  };
  // Another tab waits, and finds what is left.
  await (navigator.locks ? navigator.locks.request(sharedFilesCache, hand) : hand());
}

async function readShared(cache: Cache, request: Request): Promise<File> {
  const blob = await (await cache.match(request))!.blob();
  const name = new URL(request.url).searchParams.get('name') || 'shared';
  return new File([blob], name, { type: blob.type });
}
