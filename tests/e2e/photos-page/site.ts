/** Builds the page of pictures in and out, and opens it in headless Chromium. */
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
  /** To the browser as a whole. */
  readonly cdp: CDPSession;
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
  return {
    page,
    cdp: await browser.newBrowserCDPSession(),
    async close() {
      await browser.close();
      await close();
    },
  };
}
