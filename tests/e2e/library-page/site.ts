/** Builds the library's test page and opens it in headless Chromium, each time with storage of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { serve } from '../../../scripts/serve.mjs';
import { launchProfile } from '../browser';
import { buildPage } from '../build-page';
import type { LibraryPage } from './main';

declare global {
  interface Window {
    libraryPage: LibraryPage;
  }
}

export interface Visit {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** Address of the site, as storage counts. */
  readonly origin: string;
  reload(): Promise<void>;
  /** Another tab of the same visitor. */
  openTab(): Promise<Page>;
  close(): Promise<void>;
}

export interface LibrarySite {
  /** A visitor who was never here. */
  visit(): Promise<Visit>;
  close(): Promise<void>;
}

export async function openLibrarySite(): Promise<LibrarySite> {
  const folder = await buildPage('tests/e2e/library-page', ['index.html'], 'library-page');
  const profile = await mkdtemp(join(tmpdir(), 'mien-profile-'));
  const browser = await launchProfile(profile, {
    camera: 'none',
    gl: 'none',
    args: ['--js-flags=--expose-gc'],
  });

  async function openTab(url: string): Promise<Page> {
    const page = await browser.newPage();
    page.setDefaultTimeout(170_000);
    page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
    await page.goto(url);
    await waitForLibrary(page);
    return page;
  }

  return {
    async visit() {
      // Storage belongs to an address, and a port is part of it.
      const { url, close } = await serve({ folder });
      const pages = [await openTab(url)];
      const [page] = pages;
      return {
        page,
        cdp: await browser.newCDPSession(page),
        origin: new URL(url).origin,
        async reload() {
          await page.reload();
          await waitForLibrary(page);
        },
        async openTab() {
          pages.push(await openTab(url));
          return pages[pages.length - 1];
        },
        async close() {
          await Promise.all(pages.map((each) => each.close()));
          await close();
        },
      };
    },
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

export async function waitForLibrary(page: Page): Promise<void> {
  await page.waitForFunction(() => 'libraryPage' in window);
}
