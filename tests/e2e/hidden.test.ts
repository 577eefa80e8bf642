/** The live page behind another tab for a minute: it rests, and goes on when it is seen again. */
import { launch, type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeClip } from '../fixtures/clip';
import { readyMs } from './app';
import { launchOptions, serveApp } from './browser';

const HIDDEN_MS = 60_000;
/** A hidden page may be woken by its browser once a second, and no more. */
const MAX_FRAMES_HIDDEN = HIDDEN_MS / 1000;
/** How soon the face is followed again. */
const RESUMED_MS = 3000;
const BESIDES_MS = 180_000;

let site: Awaited<ReturnType<typeof serveApp>>;
/** Puppeteer's: pages of Playwright are told that they are visible, whatever is in front of them. */
let browser: Browser;
beforeAll(async () => {
  site = await serveApp();
  browser = await launch(await launchOptions({ camera: await makeClip(), gl: 'none' }));
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

interface Sight {
  readonly visibility: string;
  readonly results: number;
  readonly state: string | undefined;
  readonly faces: string | undefined;
}

const look = (page: Page): Promise<Sight> =>
  page.evaluate(() => {
    const { results, state, faces } = document.querySelector<HTMLElement>('[data-part=stage]')!.dataset;
    return { visibility: document.visibilityState, results: Number(results), state, faces };
  });

test(
  'it reads no frames while nobody sees it, and follows the face within 3 s after that',
  async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    const follows = async (from: number) => {
      const { results, state, faces } = await look(page);
      return results > from && state === 'running' && faces === '1';
    };
    await page.goto(`${site.url}?backend=wasm`);
    await (await page.waitForSelector('::-p-aria(Start the camera[role="button"])'))!.click();
    await expect.poll(() => follows(2), { timeout: readyMs }).toBe(true);

    const other = await browser.newPage();
    await expect.poll(async () => (await look(page)).visibility).toBe('hidden');
    const before = (await look(page)).results;
    await new Promise((resolve) => setTimeout(resolve, HIDDEN_MS));
    const after = (await look(page)).results;
    expect(after - before).toBeLessThan(MAX_FRAMES_HIDDEN);

    await other.close();
    await page.bringToFront();
    await expect.poll(() => follows(after), { timeout: RESUMED_MS, interval: 50 }).toBe(true);
    expect(errors).toEqual([]);
  },
  HIDDEN_MS + BESIDES_MS,
);
