/** What a person keeps of the app in the browser: all models at once, and what they empty again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';
import { dist } from './browser';

const open = useApp();
const { models } = JSON.parse(await readFile(join(dist, 'models/registry.json'), 'utf8'));
const files: { path: string; bytes: number }[] = models.flatMap((model: { files: unknown[] }) => model.files);

test('all models are fetched by one button; after a pause it goes on with what is missing', async () => {
  const { path: held, bytes: heldBytes } = files.findLast(({ path }) => path.endsWith('.bin'))!;
  const fetched: string[] = [];
  let release = () => {};
  const holdLast = (page: Page) =>
    page.context().route('**/*.bin', async (route: Route) => {
      const path = route.request().url().split('/models/')[1];
      if (path === held && !fetched.includes(held)) await new Promise<void>((resolve) => (release = resolve));
      fetched.push(path);
      await route.continue().catch(() => undefined);
    });
  const { page, errors } = await open({ path: '#/models', prepare: holdLast });
  const keep = page.locator('[data-part=keep-models]');
  await keep.getByRole('button', { name: /^Fetch the others, \d+\.\d MB$/ }).click();
  const missingBytes = () =>
    keep.locator('progress').evaluate((bar: HTMLProgressElement) => bar.max - bar.value);
  await expect.poll(missingBytes).toBe(heldBytes);
  await keep.getByRole('button', { name: 'Pause' }).click();
  await keep.getByRole('button', { name: /^Fetch the others/ }).waitFor();
  release();
  fetched.length = 0;
  fetched.push(held);
  await keep.getByRole('button', { name: /^Fetch the others/ }).click();
  await keep.getByText('All models are on this device').waitFor();
  expect(new Set(fetched)).toEqual(new Set([held]));
  expect(errors).toEqual([]);
});

test('recordings are among what is kept, with their size, and are emptied with the rest', async () => {
  const { page, errors, waitForState, waitForResults } = await open({ path: '?sample&backend=wasm' });
  await waitForState('running');
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await waitForResults(30);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.locator('[data-recording]').waitFor();
  await page.getByRole('link', { name: 'About' }).click();
  const size = page.locator('[data-place=Recordings] [data-part=size]');
  await expect.poll(() => size.innerText()).toMatch(/^1 recording, (?!0\.0 MB)/);
  await page.getByRole('button', { name: 'Empty: Recordings' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Empty' }).click();
  await expect.poll(() => size.innerText()).toBe('0 recordings, 0.0 MB');
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await waitForState('running');
  expect(await page.locator('[data-recording]').count()).toBe(0);
  expect(errors).toEqual([]);
});

test('each place of storage says what it holds, and can be emptied', async () => {
  const { page, errors } = await open({ path: '?backend=wasm#/photos' });
  await page.getByRole('button', { name: 'The sample' }).click();
  await page.locator('[data-photo][data-work=done]').waitFor();
  await page.evaluate(() => localStorage.setItem('mien.settings', JSON.stringify({ numbers: true })));
  await page.getByRole('link', { name: 'About' }).click();
  const sizeOf = (name: string) => page.locator(`[data-place="${name}"] [data-part=size]`).innerText();
  const empty = async (name: string) => {
    await page.getByRole('button', { name: `Empty: ${name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Empty' }).click();
  };
  expect(await sizeOf('Models')).toMatch(/^[1-9]/);
  await empty('Models');
  await expect.poll(() => sizeOf('Models')).toBe('0.0 MB');

  expect(await sizeOf('Photos, points and corrections')).toBe('1 picture, 0.8 MB');
  await page.getByRole('button', { name: 'Empty: Photos, points and corrections' }).click();
  await page.getByText('Models that learned them stay, among your own models.').waitFor();
  await page.keyboard.press('Escape');
  await empty('Photos, points and corrections');
  await expect.poll(() => sizeOf('Photos, points and corrections')).toBe('0 pictures, 0.0 MB');

  expect(await sizeOf('Settings')).toMatch(/^[1-9]/);
  await empty('Settings');
  await expect.poll(() => sizeOf('Settings')).toBe('0 bytes');
  expect(await page.evaluate(() => localStorage.length)).toBe(0);

  await page.reload();
  await page.getByRole('link', { name: 'Photos' }).click();
  await page.getByRole('button', { name: 'The sample' }).waitFor();
  expect(errors).toEqual([]);
});

test('a window that keeps nothing says so on About, and what was made in it can be saved as one file', async () => {
  const forbid = (page: Page) =>
    page.addInitScript(() => {
      indexedDB.open = () => {
        throw new DOMException('a private window', 'SecurityError');
      };
      navigator.storage.estimate = () => Promise.reject(new TypeError('not here'));
      navigator.storage.persisted = () => Promise.reject(new TypeError('not here'));
    });
  const { page, errors, waitForState, waitForResults } = await open({
    path: '?sample&backend=wasm',
    prepare: forbid,
  });
  await waitForState('running');
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await waitForResults(10);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.locator('[data-recording]').waitFor();
  await page.getByRole('link', { name: 'About' }).click();
  await page.locator('[data-part=keeps-nothing]').waitFor();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save everything' }).click();
  const path = await (await saving).path();
  await page.locator('[data-part=backup-status]', { hasText: 'In the file: 1 recording.' }).waitFor();
  await page.locator('[data-part=pick-backup]').setInputFiles(path);
  await page.getByText('cannot be read back here. The browser keeps nothing for this page').waitFor();
  expect(errors).toEqual([]);
});
