/** A host that sends no headers of one's own, as GitHub Pages: the policy in the page holds, and is never broken. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { openApp } from './app';
import { dist, launchBrowser } from './browser';
import { tour } from './visits';

let site: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
beforeAll(async () => {
  site = await serve({ folder: dist, headersOf: () => ({}) });
  browser = await launchBrowser({ gl: 'none' });
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

test('every page and the sample live break nothing of the policy in the page', async () => {
  const violations: string[] = [];
  const { page, errors, close } = await openApp(browser, site.url, {
    context: { serviceWorkers: 'allow' },
    prepare: (opened) => {
      opened.on('console', (message) => {
        if (/Content.Security.Policy|Trusted/i.test(message.text())) violations.push(message.text());
      });
      return Promise.resolve();
    },
  });
  const refused = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          resolve(effectiveDirective),
        );
        void fetch('https://elsewhere.invalid/').catch(() => undefined);
      }),
  );
  // It is there, and nothing else says it.
  expect(refused).toBe('connect-src');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  violations.length = 0;
  await tour(page);
  expect(violations).toEqual([]);
  expect(errors).toEqual([]);
  await close();
});
