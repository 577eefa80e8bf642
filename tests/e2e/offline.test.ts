/** The app without a network: once visited, everything is there, also after the browser was closed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { makeFaceFilm } from '../fixtures/films';
import { dist, root } from './browser';
import { exportFrom, openFirstFilm, readFilmOnPage } from './films-page';
import { waitUntilKept } from './kept';
import { addPictures } from './photos';
import { startVisits, tour, type Visits } from './visits';

const { models } = JSON.parse(await readFile(join(dist, 'models/registry.json'), 'utf8'));

let visits: Visits;
afterEach(() => visits.end());

/** What Chromium has against installing the app; it asks for an icon and so for a page that was shown. */
async function installabilityErrors(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send('Page.getAppManifest');
  const { installabilityErrors: found } = await session.send('Page.getInstallabilityErrors');
  return [...errors.map(({ message }) => message), ...found.map(({ errorId }) => errorId)];
}

test('one visit is enough: after it nothing is requested, whatever a person does', async () => {
  visits = await startVisits(dist);
  const page = await visits.openTab();
  await page.goto(visits.url);
  await waitUntilKept(page);
  expect(await installabilityErrors(page)).toEqual([]);
  // Each file came once, and of the models only what the first one needs.
  const weights = visits.requests.filter((asked) => /^models\/(?!blazeface|eye\/).*\.bin$/.test(asked));
  const ofFirst: string[] = models[0].files.map(({ path }: { path: string }) => `models/${path}`);
  expect(weights.sort()).toEqual(ofFirst.filter((path) => path.endsWith('.bin')).sort());

  visits.requests.length = 0;
  await tour(page);
  // Browsers look for a newer version by themselves.
  expect(visits.requests.filter((path) => path !== 'service-worker.js')).toEqual([]);

  // What another app shares is kept for the page of pictures.
  const names = await page.evaluate(async () => {
    const form = new FormData();
    form.append('pictures', new File(['one'], 'a & b.png', { type: 'image/png' }));
    form.append('pictures', new File(['two'], 'c.jpg', { type: 'image/jpeg' }));
    await fetch('share', { method: 'POST', body: form });
    const kept = await (await caches.open('mien-shared')).keys();
    return kept.map(({ url }) => new URL(url).searchParams.get('name'));
  });
  expect(names.sort()).toEqual(['a & b.png', 'c.jpg']);
  expect(visits.faults).toEqual([]);
});

test('with the server stopped and the browser restarted everything works, under a sub-path too', async () => {
  visits = await startVisits(dist, 'apps/mien');
  const first = await visits.openTab();
  await first.goto(visits.url);
  await waitUntilKept(first);
  await visits.closeBrowser();
  await visits.stopServer();
  const page = await visits.openTab();
  await page.goto(visits.url);
  await tour(page);
  expect(visits.faults).toEqual([]);
});

test('after one visit a film is read, shown and exported without a network', async () => {
  const film = await makeFaceFilm(20, 15);
  visits = await startVisits(dist);
  const first = await visits.openTab();
  await first.goto(visits.url);
  await waitUntilKept(first);
  await visits.closeBrowser();
  await visits.stopServer();
  const page = await visits.openTab();
  await page.goto(`${visits.url}?backend=wasm#/films`);
  await readFilmOnPage(page, film);
  await openFirstFilm(page);
  await page.locator('[data-part=film-stage][data-faces="1"]').waitFor();
  const { data } = await exportFrom(page, 'CSV A row');
  expect(data.toString().trimEnd().split(/\r?\n/)).toHaveLength(1 + 20);
  expect((await exportFrom(page, 'Film with overlay')).data.byteLength).toBeGreaterThan(0);
  expect(visits.faults).toEqual([]);
});

test('the decoder of HEIC is fetched with the first one, and is there without a network after', async () => {
  const photo = join(root, 'tests/fixtures/heic/face.heic');
  const facesIn = (page: Page) => page.locator('button[data-photo]').first().innerText();
  const decoder = () => visits.requests.filter((path) => path.includes('libheif-')).length;
  visits = await startVisits(dist);
  const first = await visits.openTab();
  await first.goto(`${visits.url}?backend=wasm#/photos`);
  await waitUntilKept(first);
  expect(decoder()).toBe(0);
  await addPictures(first, [photo]);
  expect(await facesIn(first)).toMatch(/1 face/);
  // A script and its WebAssembly.
  expect(decoder()).toBe(2);
  await visits.closeBrowser();
  await visits.stopServer();
  const page = await visits.openTab();
  await page.goto(`${visits.url}?backend=wasm#/photos`);
  await page.locator('[data-work=done]').waitFor();
  const other = join(root, 'tests/fixtures/heic/turn-6.heic');
  await addPictures(page, [other]);
  expect(await page.locator('button[data-photo]').count()).toBe(2);
  expect(decoder()).toBe(2);
  expect(visits.faults).toEqual([]);
});
