/** Another version of the app in another tab: what it holds, and what it asks for. */
import type { Page } from 'playwright-core';

/** Opens databases as a version of the app that never lets go of them. @param stores by the name of their database */
export async function holdDatabases(page: Page, stores: Record<string, readonly string[]>): Promise<void> {
  await page.evaluate(async (all) => {
    for (const [name, names] of Object.entries(all)) {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => names.forEach((store) => request.result.createObjectStore(store));
      await new Promise((resolve, reject) => {
        request.onsuccess = resolve;
        request.onerror = reject;
      });
      Object.assign(window, { [name]: request.result });
    }
  }, stores);
}

/** Asks for the version after the newest, as the next release may. */
export const askForNextVersion = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (name, version) {
      return open.call(this, name, version && version + 1);
    };
  });
