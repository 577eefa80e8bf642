/** A machine with other cores than this one. */
import type { Page } from 'playwright-core';

/** Has the page, once it is loaded anew, and the engine's worker believe in so many logical cores. */
export async function tellCores(page: Page, cores: number): Promise<void> {
  const tell = `Object.defineProperty(navigator, 'hardwareConcurrency', { configurable: true, get: () => ${cores} });`;
  await page.addInitScript(tell);
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${tell}\n${await response.text()}` });
  });
}
