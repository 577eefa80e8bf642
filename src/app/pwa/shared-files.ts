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

/** The files that wait; they are the caller's from then on. */
export async function takeShared(): Promise<File[]> {
  // Where there is no service worker, there is no Cache Storage either.
  if (!('caches' in globalThis)) return [];
  const cache = await caches.open(sharedFilesCache);
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const blob = await (await cache.match(request))?.blob();
    // What another tab took meanwhile is that tab's.
    if (!(await cache.delete(request)) || !blob) continue;
    const name = new URL(request.url).searchParams.get('name') || 'shared';
    files.push(new File([blob], name, { type: blob.type }));
  }
  return files;
}
