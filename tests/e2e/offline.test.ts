/** The app without a network: once visited, everything is there, also after the browser was closed. */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { headersOf } from '../../scripts/headers.mjs';
import { serve } from '../../scripts/serve.mjs';
import { dist, launchProfile } from './browser';

let work: string;
let context: BrowserContext | null;
let site: Awaited<ReturnType<typeof serve>> | null;
let requests: string[];

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'mien-offline-'));
  requests = [];
});
afterEach(async () => {
  await context?.close();
  await site?.close();
  await rm(work, { recursive: true });
});

async function openSite(folder: string, port = 0): Promise<string> {
  site = await serve({ folder, port, headersOf, onRequest: (path) => requests.push(path) });
  return site.url;
}

async function openBrowser(): Promise<Page> {
  context = await launchProfile(join(work, 'profile'), { gl: 'none' });
  return context.newPage();
}

/** Waits until the service worker has everything and answers for the page. */
async function becomeOffline(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

async function tour(page: Page, url: string): Promise<void> {
  await page.goto(`${url}?sample&backend=wasm`);
  await page.locator('[data-part=stage][data-state=running][data-faces="1"]').waitFor();
  await page.getByRole('link', { name: 'Models' }).click();
  await expect.poll(() => page.locator('[data-model]:not(:has(dl))').count()).toBe(0);
  expect(await page.locator('[data-model]').count()).toBeGreaterThan(1);
  await page.getByRole('link', { name: 'About' }).click();
  await page.getByRole('heading', { name: 'About Mien' }).waitFor();
  await page.getByRole('link', { name: 'Photos' }).click();
  await page.getByRole('button', { name: 'The sample' }).click();
  await page.locator('[data-photo]').first().waitFor();
}

/** A folder in which the built app lies at `path`. */
async function linkAt(path: string): Promise<string> {
  const folder = join(work, 'site');
  await mkdir(join(folder, dirname(path)), { recursive: true });
  await symlink(dist, join(folder, path));
  return folder;
}

describe.each([
  ['at the root', ''],
  ['under a sub-path', 'apps/mien'],
])('%s', (_, path) => {
  test('after one visit every page works with the server stopped and the browser restarted', async () => {
    const folder = path ? await linkAt(path) : dist;
    const url = new URL(path ? `${path}/` : '', await openSite(folder)).href;
    let page = await openBrowser();
    await page.goto(url);
    await becomeOffline(page);
    await context!.close();
    await site!.close();
    site = null;
    page = await openBrowser();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await tour(page, url);
    expect(errors).toEqual([]);
  });
});
