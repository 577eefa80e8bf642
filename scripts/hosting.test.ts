import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { headersOf, metaPolicy } from './headers.mjs';
import { hostingFiles } from './hosting.mjs';

test.each(Object.entries(hostingFiles))('%s matches scripts/headers.mjs', async (path, text) => {
  const written = await readFile(new URL(`../${path}`, import.meta.url), 'utf8');
  expect(written, 'run `npm run hosting`').toBe(text);
  for (const [name, value] of Object.entries(headersOf('/index.html'))) {
    if (name !== 'Cache-Control') expect(written).toMatch(new RegExp(`${name}:? `));
    if (name !== 'Cache-Control') expect(written).toContain(value);
  }
});

test('no other origins, no code from strings', () => {
  expect(metaPolicy).not.toMatch(/https?:|\*|unsafe-inline|'unsafe-eval'/);
  expect(metaPolicy).toContain("connect-src 'self'");
});

test('only files with a content hash in their name are cached without revalidation', () => {
  expect(headersOf('/mien/assets/index-abc.js')['Cache-Control']).toMatch(/immutable/);
  expect(headersOf('/mien/index.html')['Cache-Control']).toBe('no-cache');
  expect(headersOf('/service-worker.js')['Cache-Control']).toBe('no-cache');
});
