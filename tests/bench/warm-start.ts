/** How soon the app, as `npm run build` left it, shows points on a visit after the first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, root, serveApp } from '../e2e/browser';
import { firstOverlayMs, noteFirstOverlay } from '../e2e/first-overlay';
import { waitUntilKept } from '../e2e/kept';

const VISITS = 7;

/** From the address to the first points on the sample, ms, visit by visit; null, and a line that says so, without a build. */
export async function measureWarmStart(): Promise<number[] | null> {
  if (!existsSync(join(root, 'dist', 'index.html'))) {
    console.log('\nThe warm start is left out: run `npm run build` first');
    return null;
  }
  const site = await serveApp();
  const browser = await launchBrowser({ gl: 'none' });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await noteFirstOverlay(context);
    const first = await context.newPage();
    await firstOverlayMs(first, site.url);
    await waitUntilKept(first);
    await first.close();
    const times: number[] = [];
    for (let visit = 0; visit < VISITS; visit++) {
      const page = await context.newPage();
      times.push(await firstOverlayMs(page, site.url));
      await page.close();
    }
    return times;
  } finally {
    await browser.close();
    await site.close();
  }
}
