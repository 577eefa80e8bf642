import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { headersOf, metaPolicy } from './headers.mjs';
import { hostingFiles } from './hosting.mjs';

test.each(Object.entries(hostingFiles))('%s says what scripts/headers.mjs says', async (path, text) => {
  const written = await readFile(new URL(`../${path}`, import.meta.url), 'utf8');
  expect(written, 'run `npm run hosting`').toBe(text);
  for (const [name, value] of Object.entries(headersOf('/index.html'))) {
    if (name !== 'Cache-Control') expect(written).toMatch(new RegExp(`${name}:? `));
    if (name !== 'Cache-Control') expect(written).toContain(value);
  }
});

test('no other origin, no text as code', () => {
  expect(metaPolicy).not.toMatch(/https?:|\*|unsafe-inline|'unsafe-eval'/);
  expect(metaPolicy).toContain("connect-src 'self'");
});

test('only files named by their content are kept without asking', () => {
  expect(headersOf('/mien/assets/index-abc.js')['Cache-Control']).toMatch(/immutable/);
  expect(headersOf('/mien/index.html')['Cache-Control']).toBe('no-cache');
  expect(headersOf('/service-worker.js')['Cache-Control']).toBe('no-cache');
});
