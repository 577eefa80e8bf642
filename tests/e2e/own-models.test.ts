/** Models that a person brings along: taken in, run live and on pictures, there after a reload, refused, removed. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadZip } from 'client-zip';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemOf, useApp, type App } from './app';
import { root } from './browser';
import { openFirst, sample } from './photos';

const open = useApp();
const SHARD = 'group1-shard1of1.bin';
const shipped = (name: string) => readFile(join(root, 'static/models/nose-b', name));

/** What training would have left: a small model that ships, under another name. */
let folder: string;
let zip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-model-'));
  const json = JSON.parse((await shipped('model.json')).toString());
  json.userDefinedMetadata.mien = { ...json.userDefinedMetadata.mien, id: 'my-nose', title: 'My nose' };
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  await writeFile(join(folder, SHARD), await shipped(SHARD));
  zip = join(folder, 'my-nose.zip');
  const entries = ['model.json', SHARD].map(async (name) => ({
    name,
    input: await readFile(join(folder, name)),
  }));
  await writeFile(zip, Buffer.from(await downloadZip(await Promise.all(entries)).arrayBuffer()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const openModels = (): Promise<App> => open({ path: '?sample&backend=wasm#/models' });
const pick = (page: Page, ...names: string[]) =>
  page.locator('[data-part=pick-model]').setInputFiles(names.map((name) => join(folder, name)));
const card = (page: Page) => page.locator('article[data-model^=my-nose-]');

async function drop(page: Page, path: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await cdp.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
}

test('a ZIP dropped on the page runs live, on pictures and after a reload, until it is removed', async () => {
  const { page, stage, waitForState, waitForResults, errors } = await openModels();
  await page.locator('[data-part=own-models]').waitFor();
  await drop(page, zip);
  await page.getByText('My nose: taken, and kept on this device.').waitFor();
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
  await page.getByRole('button', { name: 'All right' }).click();
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
  await page.getByRole('button', { name: 'Use the standard model' }).click();
  await waitForState('running');
  expect(await stage.getAttribute('data-model')).not.toMatch(/^my-nose/);
});
