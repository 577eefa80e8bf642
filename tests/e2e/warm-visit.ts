/** A visit to the app on a device that has it already: how long it takes to its first points, and how much it computes. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { firstOverlayMs, noteFirstOverlay } from './first-overlay';
import { waitUntilKept } from './kept';

export interface WarmVisit {
  /** From the navigation to the first points, by the clock. */
  readonly wallMs: number;
  /** Processor time of the page's process meanwhile: the page, the engine's worker and the service worker. */
  readonly cpuMs: number;
}

/** Chromium makes ready pages of its own, which nobody sees, as soon as a tab is opened: 1.2 s of processor time beside the visit. */
const WITHOUT_OWN_PAGES = '--disable-features=PreloadTopChromeWebUI';

/** On a machine without a graphics card. The caller closes it. */
export const launchForVisits = (): Promise<Browser> =>
  launchBrowser({ gl: 'none', args: [WITHOUT_OWN_PAGES] });

/** A context that has been to the app, which is on the device whole. The caller closes it. */
export async function visitOnce(browser: Browser, url: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await noteFirstOverlay(context);
  const first = await context.newPage();
  await firstOverlayMs(first, url);
  await waitUntilKept(first);
  await first.close();
  return context;
}

export async function visitAgain(browser: Browser, context: BrowserContext, url: string): Promise<WarmVisit> {
  const devtools = await browser.newBrowserCDPSession();
  const page = await context.newPage();
  try {
    const before = await computedMs(devtools);
    const wallMs = await firstOverlayMs(page, url);
    const [own, after] = await Promise.all([ownComputedMs(page), computedMs(devtools)]);
    const process = nearest(after, own);
    return { wallMs, cpuMs: after.get(process)! - (before.get(process) ?? 0) };
  } finally {
    await page.close();
    await devtools.detach();
  }
}

/** What each page process has computed so far, ms, by its id. Chromium has pages of its own among them. */
async function computedMs(devtools: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return new Map(pages.map(({ id, cpuTime }) => [id, 1000 * cpuTime]));
}

/** What this page's process has computed since it was started, ms. */
async function ownComputedMs(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'ProcessTime')!.value;
}

/** A page does not tell the id of its process, only the time that one has computed. */
function nearest(times: ReadonlyMap<number, number>, wanted: number): number {
  const byDistance = [...times].sort(([, a], [, b]) => Math.abs(a - wanted) - Math.abs(b - wanted));
  return byDistance[0][0];
}
