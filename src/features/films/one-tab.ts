/** One tab reads films at a time: two would read the same ones, and write over each other. */

/** So long it waits for the lock of a page that is going away, as by a reload, ms. */
const LOCK_MS = 3000;

/** @returns false where another tab has the lock; true once `run` has ended, or was aborted */
export async function aloneAmongTabs(signal: AbortSignal, run: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) {
    await run();
    return true;
  }
  const waiting = new AbortController();
  const giveUp = setTimeout(() => waiting.abort(), LOCK_MS);
  signal.addEventListener('abort', () => waiting.abort(), { once: true });
  let hasBegun = false;
  try {
    await navigator.locks.request('mien-films', { signal: waiting.signal }, async () => {
      hasBegun = true;
      clearTimeout(giveUp);
      await run();
    });
    return true;
  } catch (thrown) {
    clearTimeout(giveUp);
    if (signal.aborted) return true;
    if (hasBegun || !waiting.signal.aborted) throw thrown;
    return false;
  }
}
