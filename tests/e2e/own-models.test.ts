/** Models that a person brings along: taken in, run live and on pictures, there after a reload, refused, removed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf, readyMs, useApp, type App } from './app';
import { askForNextVersion, holdDatabases } from './old-version';
import { cardsOf, createNose, drop, SHARD, writeZip } from './own-model-files';
import { openFirst, sample } from './photos';

const open = useApp();
/** Less than the model takes. */
const LITTLE_ROOM_BYTES = 100_000;

let folder: string;
let zip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-model-'));
  const files = createNose('my-nose', 'My nose');
  for (const [name, bytes] of files) await writeFile(join(folder, name), new Uint8Array(bytes));
  zip = await writeZip(folder, 'my-nose.zip', files);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const openModels = (): Promise<App> => open({ path: '?sample&backend=wasm#/models' });
const pick = (page: Page, ...names: string[]) =>
  page.locator('[data-part=pick-model]').setInputFiles(names.map((name) => join(folder, name)));
const card = (page: Page) => cardsOf(page, 'my-nose');

test('a ZIP dropped on the page runs live, on pictures and after a reload, until it is removed', async () => {
  const { page, stage, waitForState, waitForResults, errors } = await openModels();
  await page.locator('[data-part=own-models]').waitFor();
  await drop(page, zip);
  await page.getByText('My nose: added, and kept on this device.').waitFor();
  await card(page).getByText('nose').first().waitFor();
  const id = await card(page).getAttribute('data-model');

  await card(page).getByRole('link', { name: 'Use it live' }).click();
  await page.locator(`[data-part=stage][data-state=running][data-model=${id}][data-faces="1"]`).waitFor();
  await waitForResults(3);

  await page.reload();
  await waitForState('running');
  expect(await stage.getAttribute('data-model')).toBe(id);
  const choice = page.getByLabel('Network that finds the points');
  expect(await choice.inputValue()).toBe(id);

  await page.getByRole('link', { name: 'Photos' }).click();
  await page.locator('[data-part=pick-pictures]').setInputFiles(sample);
  await page.locator('[data-work=done]').waitFor();
  await openFirst(page);
  await page.keyboard.press('f');
  await page.getByRole('tab', { name: 'Points' }).click();
  await page.locator('tbody tr').first().waitFor();
  expect(await page.locator('tbody tr').count()).toBe(1);

  await page.goto(page.url().replace(/#.*/, '#/models'));
  await page.getByRole('button', { name: 'Remove My nose' }).click();
  await expect.poll(() => card(page).count()).toBe(0);
  await page.reload();
  await page.getByText('For live view and pictures').waitFor();
  expect(await card(page).count()).toBe(0);
  expect(errors).toEqual([]);
});

test('files that are no model are refused, and the part that is wrong is named', async () => {
  const { page } = await openModels();
  await pick(page, 'model.json');
  await page.getByText(`model.json: its weights ${SHARD} are missing`).waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await pick(page, SHARD);
  await page.getByText('There is no model.json among these files.').waitFor();
  expect(await card(page).count()).toBe(0);
});

test('a model that the disk has damaged is not run, and the standard one is a way on', async () => {
  const { page, stage, waitForState } = await openModels();
  await pick(page, 'model.json', SHARD);
  await card(page).getByRole('link', { name: 'Use it live' }).click();
  await page.locator('[data-part=stage][data-state=running][data-model^=my-nose-]').waitFor();
  await page.evaluate(async (shard) => {
    const opening = indexedDB.open('mien-models');
    const db = await new Promise<IDBDatabase>(
      (resolve) => (opening.onsuccess = () => resolve(opening.result)),
    );
    const files = db.transaction('files', 'readwrite').objectStore('files');
    const keys = files.getAllKeys();
    await new Promise((resolve) => (keys.onsuccess = resolve));
    const key = keys.result.find((one) => (one as string[])[1] === shard)!;
    const put = files.put(new Blob([new Uint8Array(145156)]), key);
    await new Promise((resolve) => (put.onsuccess = resolve));
    db.close();
  }, SHARD);
  await page.reload();
  expect(await problemOf(page)).toBe('hash-mismatch');
  await page.getByRole('button', { name: 'Use the default model' }).click();
  await waitForState('running');
  expect(await stage.getAttribute('data-model')).not.toMatch(/^my-nose/);
});

test('a model that another tab keeps from being read is not called missing, and is there once that tab is closed', async () => {
  const { page } = await openModels();
  await pick(page, 'model.json', SHARD);
  await card(page).getByRole('link', { name: 'Use it live' }).click();
  await page.locator('[data-part=stage][data-state=running][data-model^=my-nose-]').waitFor();
  await page.goto(new URL('models/registry.json', page.url()).href);
  await holdDatabases(page, { 'mien-models': [] });

  const newer = await page.context().newPage();
  newer.setDefaultTimeout(readyMs);
  await askForNextVersion(newer);
  await newer.goto(new URL('..?sample&backend=wasm', page.url()).href);
  expect(await problemOf(newer)).toBe('storage');
  await newer.getByText('Models of your own cannot be read while Mien is open in another tab').waitFor();
  await page.close();
  await newer.getByRole('button', { name: 'Reload the page' }).click();
  await newer.locator('[data-part=stage][data-state=running][data-model^=my-nose-]').waitFor();
});

test('a model that finds no room serves until the page is closed: that is said, and nothing of it is kept', async () => {
  // The room is taken stock of when the page comes, so it is small from the start.
  const { page, errors } = await open({ path: 'models/registry.json' });
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: LITTLE_ROOM_BYTES });
  await page.goto(`${origin}/?sample&backend=wasm#/models`);
  await page.locator('[data-part=own-models]').waitFor();
  await drop(page, zip);
  await page.getByText('storage is full: My nose lasts until this page is closed').waitFor();
  await page.getByText('My nose: added.', { exact: true }).waitFor();
  expect(await card(page).getByText('on this device').count()).toBe(0);
  await card(page).getByRole('link', { name: 'Use it live' }).click();
  await page.locator('[data-part=stage][data-state=running][data-model^=my-nose-]').waitFor();

  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await page.goto(`${origin}/?sample&backend=wasm#/models`);
  await page.reload();
  await page.getByText('For live view and pictures').waitFor();
  expect(await card(page).count()).toBe(0);
  expect(await page.evaluate(countKept)).toEqual({ models: 0, files: 0 });
  await drop(page, zip);
  await page.getByText('My nose: added, and kept on this device.').waitFor();
  expect(await page.evaluate(countKept)).toEqual({ models: 1, files: 2 });
  expect(errors).toEqual([]);
});

/** How many models and files of theirs lie in storage; runs in the page. */
async function countKept(): Promise<{ models: number; files: number }> {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
  const db = await settled(indexedDB.open('mien-models'));
  const count = (store: string) => settled(db.transaction(store).objectStore(store).count());
  const counts = { models: await count('models'), files: await count('files') };
  db.close();
  return counts;
}
