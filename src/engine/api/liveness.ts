/**
 * Tells when a worker is gone. Browsers report nothing when one ends without an error, and every call into it would wait for
 * ever; but a lock that it held becomes free. (https://w3c.github.io/web-locks)
 */

/** In the worker: resolves once the lock is held, which it is from then on; at once where there are no locks. */
export function holdLock(name: string): Promise<void> {
  const { locks } = navigator;
  if (!locks) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    locks.request(name, hold).catch(reject);
  });
}

/** On the page, once the worker holds the lock. @returns a function that stops watching. */
export function watchLock(name: string, onGone: () => void): () => void {
  const watching = new AbortController();
  const { signal } = watching;
  navigator.locks?.request(name, { signal }, () => onGone()).catch(() => {});
  return () => watching.abort();
}
