/** Asks the browser to keep what a person made, whatever else runs out of room. */

let hasAsked = false;

/**
 * Called when something was made that could not be had again. Asks at most once a visit: some browsers ask the person in their
 * turn, who by now knows what it is about. A refusal changes nothing.
 */
export function askToPersist(): void {
  if (hasAsked) return;
  hasAsked = true;
  void ask().catch(() => undefined);
}

async function ask(): Promise<void> {
  const storage = globalThis.navigator?.storage;
  if (!storage?.persist || (await storage.persisted?.())) return;
  await storage.persist();
}
