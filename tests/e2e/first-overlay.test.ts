/** How soon a second visit shows points: the service worker, the caches and the model are there from the first. */
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, serveApp } from './browser';
import { firstOverlayMs, noteFirstOverlay } from './first-overlay';
import { waitUntilKept } from './kept';
import { probeStalls, STALLED_MS } from './stalls';

const FIRST_OVERLAY_MS = 3000;

let site: Awaited<ReturnType<typeof serveApp>>;
let browser: Browser;
beforeAll(async () => {
  site = await serveApp();
  browser = await launchBrowser({ gl: 'none' });
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What pages have computed so far, ms of processor time. */
async function computedMs(devtools: CDPSession): Promise<number> {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return pages.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0);
}

test(`a second visit draws its first overlay within ${FIRST_OVERLAY_MS} ms`, { retry: 2 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await noteFirstOverlay(context);
  const first = await context.newPage();
  await firstOverlayMs(first, site.url);
  await waitUntilKept(first);
  await first.close();
  const page = await context.newPage();
  const devtools = await browser.newBrowserCDPSession();
  const before = await computedMs(devtools);
  const [wallMs, stalls] = await Promise.all([firstOverlayMs(page, site.url), probeStalls(FIRST_OVERLAY_MS)]);
  const cpuMs = (await computedMs(devtools)) - before;
  await context.close();
  const stallMs = Math.max(...stalls);
  console.log(`first overlay: ${wallMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of processor time`);
  expect(cpuMs).toBeGreaterThan(0);
  const isLateByStalls = wallMs > FIRST_OVERLAY_MS && stallMs > STALLED_MS;
  if (isLateByStalls)
    console.warn(`first overlay: the machine stalls by ${stallMs.toFixed(0)} ms, judged by processor time`);
  expect(isLateByStalls ? cpuMs : wallMs).toBeLessThanOrEqual(FIRST_OVERLAY_MS);
});
