/** How soon a second visit shows points: the service worker, the caches and the model are there from the first. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveApp } from './browser';
import { probeStalls, STALLED_MS } from './stalls';
import { launchForVisits, visitAgain, visitOnce } from './warm-visit';

const FIRST_OVERLAY_MS = 3000;

let site: Awaited<ReturnType<typeof serveApp>>;
let browser: Browser;
beforeAll(async () => {
  site = await serveApp();
  browser = await launchForVisits();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

test(`a second visit draws its first overlay within ${FIRST_OVERLAY_MS} ms`, { retry: 2 }, async () => {
  const context = await visitOnce(browser, site.url);
  const visiting = visitAgain(browser, context, site.url);
  const [{ wallMs, cpuMs }, stalls] = await Promise.all([visiting, probeStalls(FIRST_OVERLAY_MS)]);
  await context.close();
  const stallMs = Math.max(...stalls);
  console.log(`first overlay: ${wallMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms of processor time`);
  expect(cpuMs).toBeGreaterThan(0);
  const isLateByStalls = wallMs > FIRST_OVERLAY_MS && stallMs > STALLED_MS;
  if (isLateByStalls)
    console.warn(`first overlay: the machine stalls by ${stallMs.toFixed(0)} ms, judged by processor time`);
  expect(isLateByStalls ? cpuMs : wallMs).toBeLessThanOrEqual(FIRST_OVERLAY_MS);
});
