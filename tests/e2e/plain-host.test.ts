/** A host that sends no headers of one's own, as GitHub Pages: the policy in the page holds, and is never broken. */
import { expect, test } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { useApp } from './app';
import { dist } from './browser';
import { tour } from './visits';

const open = useApp({}, () => serve({ folder: dist, headersOf: () => ({}) }));

test('every page and the sample live break nothing of the policy in the page', async () => {
  const violations: string[] = [];
  const { page, errors } = await open({
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
});
