/**
 * Saves in the background, one thing after another: nobody waits for a disk, and of many changes to one thing in a row only
 * the newest state is written. What could not be written is remembered until it can.
 */

export interface Autosave<Key> {
  /** Says that this has changed; `write` is called with it soon. */
  touch(key: Key): void;
  /** Tries again all that failed. */
  retry(): void;
  /** Whether the last attempt to write this failed. */
  hasFailed(key: Key): boolean;
  /** All that is not written as it is now: under way, waiting, or failed. */
  unwritten(): readonly Key[];
  /** Resolves once nothing is left to write; what failed is not waited for. */
  settled(): Promise<void>;
}

/**
 * @param write writes the newest state of one thing.
 * @param onChange hears how many things could not be written, and why the last of them could not (null: none is left).
 */
export function createAutosave<Key>(
  write: (key: Key) => Promise<void>,
  onChange: (failedCount: number, reason: unknown) => void,
): Autosave<Key> {
  const waiting = new Set<Key>();
  const failed = new Set<Key>();
  const underWay = new Set<Key>();
  let lastReason: unknown = null;
  let running: Promise<void> | null = null;

  async function writeOne(key: Key): Promise<void> {
    underWay.add(key);
    try {
      await write(key);
      if (failed.delete(key)) onChange(failed.size, failed.size ? lastReason : null);
    } catch (reason) {
      failed.add(key);
      lastReason = reason;
      onChange(failed.size, reason);
    } finally {
      underWay.delete(key);
    }
  }

  async function writeAll(): Promise<void> {
    for (const key of waiting) {
      waiting.delete(key);
      await writeOne(key);
    }
    running = null;
  }

  function touch(key: Key): void {
    waiting.add(key);
    running ??= writeAll();
  }

  return {
    touch,
    retry: () => [...failed].forEach(touch),
    hasFailed: (key) => failed.has(key),
    unwritten: () => [...new Set([...underWay, ...waiting, ...failed])],
    settled: () => running ?? Promise.resolve(),
  };
}
