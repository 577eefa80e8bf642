/** `npm run picture`: opens the built app on its sample and takes the picture of the README. Run `npm run build` first. */
import { launchBrowser, root, serveApp } from '../tests/e2e/browser';

const site = await serveApp();
const browser = await launchBrowser({ gl: 'none' });
const page = await browser.newPage({ viewport: { width: 1280, height: 805 }, reducedMotion: 'reduce' });
await page.goto(`${site.url}?sample&backend=wasm`);
await page.locator('[data-state=running][data-faces="1"]').waitFor({ timeout: 120_000 });
// Long enough for the filter to settle and for the meter to have seen a quiet second.
await page.waitForTimeout(5000);
await page.screenshot({ path: `${root}docs/live.jpg`, type: 'jpeg', quality: 88 });
await browser.close();
await site.close();
