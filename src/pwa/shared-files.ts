/** Pictures that other apps share with this one: the service worker keeps them until the page of pictures takes them. */

const cacheName = 'mien-shared';

/** Keeps the files of a shared form, each at `shared/N?name=…` under the app's address. */
export async function keepShared(form: FormData, scope: string): Promise<void> {
  const files = [...form.values()].filter((value) => value instanceof File);
  const cache = await caches.open(cacheName);
  const first = Date.now();
  await Promise.all(
    files.map((file, i) => {
      const url = new URL(`shared/${first + i}?name=${encodeURIComponent(file.name)}`, scope);
      return cache.put(url, new Response(file));
    }),
  );
}
