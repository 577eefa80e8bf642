/** How soon the app, as `npm run build` left it, shows points on a visit after the first. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, serveApp } from '../e2e/browser';
import { launchForVisits, visitAgain, visitOnce, type WarmVisit } from '../e2e/warm-visit';

const VISITS = 7;

/** Visit by visit, with the sample on WebAssembly; null, and a line that says so, without a build. */
export async function measureWarmStart(): Promise<WarmVisit[] | null> {
  if (!existsSync(join(root, 'dist', 'index.html'))) {
    console.log('\nThe warm start is left out: run `npm run build` first');
    return null;
  }
  const site = await serveApp();
  const browser = await launchForVisits();
  try {
    const context = await visitOnce(browser, site.url);
    const visits: WarmVisit[] = [];
    for (let visit = 0; visit < VISITS; visit++) visits.push(await visitAgain(browser, context, site.url));
    return visits;
  } finally {
    await browser.close();
    await site.close();
  }
}
