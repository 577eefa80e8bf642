/** `npm run picture`: takes the screenshots for the README and the app's manifest from the built app. Run `npm run build` first. */
import { launchBrowser, root, serveApp } from '../tests/e2e/browser';

const live = { path: '?sample&backend=wasm', ready: '[data-state=running][data-faces="1"]' };
const models = { path: '#/models', ready: '[data-model] dl' };
const phone = { width: 360, height: 780, deviceScaleFactor: 2 };

const pictures = [
  { ...live, file: 'docs/live.jpg', meter: true, screen: { width: 1280, height: 805 }, quality: 88 },
  {
    ...live,
    file: 'static/screenshots/live-wide.jpg',
    meter: false,
    screen: { width: 1280, height: 800 },
    quality: 75,
  },
  { ...live, file: 'static/screenshots/live-narrow.jpg', meter: false, screen: phone, quality: 75 },
  { ...models, file: 'static/screenshots/models-narrow.jpg', meter: false, screen: phone, quality: 75 },
];

const site = await serveApp();
const browser = await launchBrowser({ gl: 'none' });
for (const { path, ready, file, meter, screen, quality } of pictures) {
  const { deviceScaleFactor, ...viewport } = { deviceScaleFactor: 1, ...screen };
  const page = await browser.newPage({ viewport, deviceScaleFactor, reducedMotion: 'reduce' });
  // The meter would show the speed of the machine that takes the screenshot.
  await page.addInitScript(
    (settings) => localStorage.setItem('mien.settings', settings),
    JSON.stringify({ meter }),
  );
  await page.goto(site.url + path);
  await page.locator(ready).first().waitFor({ timeout: 120_000 });
  // Long enough for the filter to settle and for the meter to cover a second without start-up work.
  await page.waitForTimeout(5000);
  await page.screenshot({ path: root + file, type: 'jpeg', quality });
  await page.close();
}
await browser.close();
await site.close();
