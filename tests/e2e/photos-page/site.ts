/** Builds the page of pictures in and out, and opens it in headless Chromium. */
import { readFile } from 'node:fs/promises';
import type { CDPSession, Page } from 'playwright-core';
import { serve } from '../../../scripts/serve.mjs';
import { launchBrowser } from '../browser';
import { buildPage } from '../build-page';
import type { PhotosPage } from './main';

declare global {
  interface Window {
    photosLibrary: PhotosPage;
  }
}

export interface PhotosSite {
  readonly page: Page;
  /** Memory of the page's process, bytes; on Linux alone. */
  residentBytes(): Promise<number>;
  close(): Promise<void>;
}

export async function openPhotosSite(): Promise<PhotosSite> {
  const folder = await buildPage('tests/e2e/photos-page', ['index.html'], 'photos-page');
  const { url, close } = await serve({ folder });
  const browser = await launchBrowser({ camera: 'none', gl: 'none' });
  const page = await browser.newPage();
  page.setDefaultTimeout(170_000);
  page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
  await page.goto(url);
  await page.waitForFunction(() => 'photosLibrary' in window);
  const cdp = await browser.newBrowserCDPSession();
  return {
    page,
    residentBytes: () => residentBytes(cdp),
    async close() {
      await browser.close();
      await close();
    },
  };
}

/** Of the largest renderer, which is the page's. */
async function residentBytes(cdp: CDPSession): Promise<number> {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const bytes = renderers.map(async ({ id }) => {
    const status = await readFile(`/proc/${id}/status`, 'utf8');
    return 1024 * Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1]);
  });
  return Math.max(...(await Promise.all(bytes)));
}
