/** From one version to the next, on devices where the first is kept. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { dist } from './browser';
import { waitUntilKept } from './kept';
import { startVisits, type Visits } from './visits';

const registryPath = 'models/registry.json';
/** The description of the first model changes from one version to the next; its weights and the other models do not. */
const firstModel: string = JSON.parse(await readFile(join(dist, registryPath), 'utf8')).models[0].path;

let home: string;
let next: string;
let broken: string;
let visits: Visits;

const sha256 = (data: string | Buffer, encoding: 'hex' | 'base64') =>
  createHash('sha256').update(data).digest(encoding);

/** The build as a changed source would have made it: other words in the page and in the first model's description. */
async function makeNextVersion(folder: string): Promise<void> {
  await cp(dist, folder, { recursive: true });
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const description = `${await readFile(join(folder, 'models', firstModel), 'utf8')}\n`;
  const registry = JSON.parse(await readFile(join(folder, registryPath), 'utf8'));
  const file = registry.models[0].files.find(({ path }: { path: string }) => path === firstModel);
  Object.assign(file, { bytes: Buffer.byteLength(description), sha256: sha256(description, 'hex') });
  const changed = {
    'index.html': html.replace('<title>', '<meta name="version" content="next" /><title>'),
    [registryPath]: JSON.stringify(registry),
  };
  await writeFile(join(folder, 'models', firstModel), description);
  let worker = await readFile(join(folder, 'service-worker.js'), 'utf8');
  for (const [path, text] of Object.entries(changed)) {
    await writeFile(join(folder, path), text);
    const entry = new RegExp(`\\{[^{}]*"${path}"[^{}]*\\}`);
    expect(worker).toMatch(entry);
    const integrity = `sha256-${sha256(text, 'base64')}`;
    worker = worker.replace(entry, JSON.stringify({ url: path, revision: sha256(text, 'hex'), integrity }));
  }
  await writeFile(join(folder, 'service-worker.js'), worker);
}

/** The same version with one byte of the first model's description changed on its way. */
async function makeBroken(folder: string): Promise<void> {
  await cp(dist, folder, { recursive: true });
  const path = join(folder, 'models', firstModel);
  await writeFile(path, (await readFile(path, 'utf8')).replace('{', '['));
}

const cachedModels = (page: Page) =>
  page.evaluate(async () => {
    const keys = await (await caches.open('mien-models')).keys();
    return keys.map(({ url }) => url.slice(url.indexOf('/models/') + 1));
  });
const isOf = (version: string, page: Page) => page.locator(`meta[name=version][content=${version}]`).count();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mien-versions-'));
  next = join(home, 'next');
  broken = join(home, 'broken');
  await makeNextVersion(next);
  await makeBroken(broken);
});
afterEach(() => visits.end());
afterAll(() => rm(home, { recursive: true }));

test('a new version is told in every tab and waits until it is asked for; what did not change is not fetched again', async () => {
  visits = await startVisits(dist);
  const page = await visits.openTab();
  await page.goto(`${visits.url}#/photos`);
  await waitUntilKept(page);
  await page.getByRole('button', { name: 'The sample' }).click();
  await page.locator('[data-photo][data-work=done]').click();
  await page.locator('[data-part=viewer]').waitFor();
  const before = await cachedModels(page);

  await visits.deploy(next);
  visits.requests.length = 0;
  const other = await visits.openTab();
  await other.goto(visits.url);
  // Nobody loads anew by themselves, least of all while a picture is being corrected.
  await page.locator('[data-part=update]').waitFor();
  await other.locator('[data-part=update]').waitFor();
  expect(await page.getByRole('button', { name: 'Reload to update' }).isDisabled()).toBe(true);
  expect([await isOf('next', page), await isOf('next', other)]).toEqual([0, 0]);
  const fetched = new Set(visits.requests);
  expect([...fetched].filter((path) => !path.endsWith('.json') && path !== 'service-worker.js')).toEqual([
    'index.html',
  ]);
  expect(fetched).toContain(`models/${firstModel}`);

  await page.getByRole('link', { name: 'Photos' }).click();
  await page.getByRole('button', { name: 'Reload to update' }).click();
  await page.locator('meta[name=version]').waitFor({ state: 'attached' });
  await page.locator('[data-photo][data-work=done]').waitFor();
  const after = await cachedModels(page);
  expect(after).toHaveLength(before.length);
  expect(after.filter((key) => !before.includes(key))).toEqual([expect.stringContaining(firstModel)]);
  // The other tab goes on with what it has until the person comes to it.
  await other.getByText('updated in another tab').waitFor();
  expect(await isOf('next', other)).toBe(0);
  await other.getByRole('button', { name: 'Reload to update' }).click();
  await other.locator('meta[name=version]').waitFor({ state: 'attached' });
  expect(visits.faults).toEqual([]);
});

test('the first version of all takes over without a word, in a page that was loaded anew meanwhile too', async () => {
  visits = await startVisits(dist);
  const page = await visits.openTab();
  await page.goto(visits.url);
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.installing);
  await page.reload();
  await waitUntilKept(page);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  expect(await page.locator('[data-part=update]').count()).toBe(0);

  // From then on another version is told.
  await visits.deploy(next);
  const other = await visits.openTab();
  await other.goto(visits.url);
  await other.getByRole('button', { name: 'Reload to update' }).click();
  await other.locator('meta[name=version]').waitFor({ state: 'attached' });
  await page.getByText('updated in another tab').waitFor();
  expect(visits.faults).toEqual([]);
});

test('a damaged file is never kept, and the rest is not fetched twice; a cleared storage fills again', async () => {
  visits = await startVisits(broken);
  const page = await visits.openTab();
  await page.goto(visits.url);
  await expect.poll(() => visits.requests.includes(`models/${firstModel}`)).toBe(true);
  await expect.poll(async () => (await cachedModels(page)).length).toBeGreaterThan(3);
  await expect
    .poll(() =>
      page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.installing ?? null),
    )
    .toBe(null);
  expect(
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active ?? null),
  ).toBe(null);
  expect((await cachedModels(page)).filter((key) => key.includes(firstModel))).toEqual([]);

  await visits.deploy(dist);
  visits.requests.length = 0;
  await page.reload();
  await waitUntilKept(page);
  expect(visits.requests.filter((path) => path.startsWith('models/') && path !== registryPath)).toEqual([
    `models/${firstModel}`,
  ]);

  await page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.goto(`${visits.url}?sample`);
  await page.locator('[data-part=stage][data-state=running]').waitFor();
  expect(await cachedModels(page)).toContainEqual(expect.stringContaining(firstModel));
});
