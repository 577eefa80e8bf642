/** Builds the engine's test page and opens it in headless Chromium. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { serve } from '../../../scripts/serve.mjs';
import { launchBrowser, type BrowserOptions } from '../browser';
import { buildPage } from '../build-page';
import type { EnginePage } from './main';

declare global {
  interface Window {
    engineLibrary: EnginePage;
  }
}

export interface EngineSite {
  readonly page: Page;
  /** Loads the page anew. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param pictures absolute paths by the name under which the page finds them: `pictures/NAME`.
 * @param options of Chromium. Speed on wasm is measured without graphics, see `BrowserOptions`.
 */
export async function openEngineSite(
  pictures: Readonly<Record<string, string>>,
  options: Pick<BrowserOptions, 'args' | 'gl'> = {},
): Promise<EngineSite> {
  const folder = await buildPage('tests/e2e/engine-page', ['index.html'], 'engine-page');
  const { url, close } = await serve({ folder });
  const browser = await launchBrowser({ camera: 'none', ...options });
  const page = await browser.newPage();
  page.setDefaultTimeout(170_000);
  page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
  await page.route('**/pictures/*', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    await route.fulfill({ body: await readFile(pictures[name]), contentType: 'application/octet-stream' });
  });
  await page.goto(url);
  const isReady = () => page.waitForFunction(() => 'engineLibrary' in window);
  await isReady();
  return {
    page,
    async reload() {
      await page.reload();
      await isReady();
    },
    async close() {
      await browser.close();
      await close();
    },
  };
}
