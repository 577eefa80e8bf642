/** A person's visits to the app over days: versions of it on a server that comes and goes, and a browser that keeps its storage. */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { headersOf } from '../../scripts/headers.mjs';
import { serve } from '../../scripts/serve.mjs';
import { followsFace, readyMs } from './app';
import { launchProfile } from './browser';

export interface Visits {
  /** Where the app is, whether the server runs or not. */
  readonly url: string;
  /** Paths under the app's address that the server was asked for, oldest first; may be emptied. */
  readonly requests: string[];
  /** What was requested from elsewhere, or went wrong without being caught. */
  readonly faults: string[];
  /** Puts another version in the place of the one on the server. */
  deploy(version: string): Promise<void>;
  stopServer(): Promise<void>;
  /** A new tab; starts the browser where it is closed. */
  openTab(): Promise<Page>;
  closeBrowser(): Promise<void>;
  end(): Promise<void>;
}

/** @param version folder of a build; @param path where the app lies on the server, '' for the root. */
export async function startVisits(version: string, path = ''): Promise<Visits> {
  const home = await mkdtemp(join(tmpdir(), 'mien-visits-'));
  const folder = join(home, 'site');
  const place = join(folder, path);
  const base = path ? `/${path}/` : '/';
  const requests: string[] = [];
  const faults: string[] = [];
  let context: BrowserContext | null = null;
  await mkdir(dirname(place), { recursive: true });
  await symlink(version, place);
  const site = await serve({
    folder,
    headersOf,
    onRequest: (asked) => requests.push(asked.slice(base.length)),
  });
  const closeBrowser = async () => {
    await context?.close();
    context = null;
  };
  let running = true;
  const stopServer = async () => {
    if (running) await site.close();
    running = false;
  };
  const url = new URL(base, site.url).href;
  return {
    url,
    requests,
    faults,
    stopServer,
    closeBrowser,
    async deploy(next) {
      await rm(place);
      await symlink(next, place);
    },
    async openTab() {
      if (!context) {
        context = await launchProfile(join(home, 'profile'), { gl: 'none' });
        context.setDefaultTimeout(readyMs);
        context.on('weberror', (error) => faults.push(error.error().message));
        context.on('request', (request) => {
          if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(url))
            faults.push(request.url());
        });
        context.on('console', (message) => {
          if (/Content Security Policy|Trusted/i.test(message.text())) faults.push(message.text());
        });
      }
      return context.newPage();
    },
    async end() {
      await closeBrowser();
      await stopServer();
      await rm(home, { recursive: true });
    },
  };
}

/** Every page, and the clip with its face; from a tab that shows the app. */
export async function tour(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await followsFace(page);
  await page.getByRole('link', { name: 'Models' }).click();
  await page.locator('[data-model]').nth(1).waitFor();
  await expect.poll(() => page.locator('[data-model]:not(:has(dl))').count()).toBe(0);
  await page.getByRole('link', { name: 'About' }).click();
  await expect.poll(() => page.locator('[data-place] [data-part=size]').count()).toBe(7);
  await page.getByRole('link', { name: 'Photos' }).click();
  await page.getByRole('button', { name: 'The sample' }).click();
  await page.locator('[data-photo][data-work=done]').waitFor();
  await page.getByRole('link', { name: 'Films' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}
