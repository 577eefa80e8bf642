/** Makes the engine's worker believe in another machine than this one. */
import type { Page } from 'playwright-core';

const workers = '**/assets/worker-*.js';

/** Has the engine's worker, once it is started anew, run a script before anything else; it takes the place of an earlier one. */
export async function runInWorker(page: Page, script: string): Promise<void> {
  await page.unroute(workers);
  await page.route(workers, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script};\n${await response.text()}` });
  });
}

/** Has the page, once it is loaded anew, and the engine's worker believe in so many logical cores. */
export async function tellCores(page: Page, cores: number): Promise<void> {
  const tell = `Object.defineProperty(navigator, 'hardwareConcurrency', { configurable: true, get: () => ${cores} })`;
  await page.addInitScript(tell);
  await runInWorker(page, tell);
}
