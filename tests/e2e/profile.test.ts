/** Everything a person made goes to another browser as one file, and is the same there. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFaceFilm } from '../fixtures/films';
import { dumpProfile, type Profile } from '../fixtures/profiles/profile';
import { useApp, type App } from './app';
import { dist } from './browser';
import { openFirstFilm, readFilmOnPage } from './films-page';
import { createNose, drop, writeZip } from './own-model-files';
import { addPictures, sample } from './photos';
import { memoryGrowth } from './process-memory';
import { startVisits } from './visits';

/** For a model, a recording, a picture and a film, each made on one device and looked at on two. */
const TEST_MS = 400_000;
const LARGE_MB = 400;
/** What the browsers may take more while a large file is written or read back, MB: far less than the file. */
const MAX_GROWTH_MB = 250;
const FILM = { frames: 20, cut: 15 } as const;

let folder: string;
let film: string;
let nose: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-profile-'));
  film = await makeFaceFilm(FILM.frames, FILM.cut);
  nose = await writeZip(folder, 'nose.zip', createNose('my-nose', 'My nose'));
});
afterAll(() => rm(folder, { recursive: true }));
const open = useApp();

const goTo = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();

/** A setting, a model, a recording, a picture with a point moved, a film with a name. */
async function makeProfile({ page, waitForState, waitForResults }: App): Promise<void> {
  await waitForState('running');
  await page.getByText('Mesh', { exact: true }).click();
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await waitForResults(15);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.locator('[data-recording]').waitFor();

  await goTo(page, 'Models');
  await page.locator('[data-model]').first().waitFor();
  await drop(page, nose);
  await page.locator('article[data-model^=my-nose-]').waitFor();

  await goTo(page, 'Photos');
  await addPictures(page, [sample]);
  await page.locator('button[data-photo]').first().click();
  await page.locator('[data-part=viewer]').waitFor();
  await page.keyboard.press('f');
  await page.getByRole('tab', { name: 'Points' }).click();
  await page.getByRole('application').first().focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  const moves = () => page.locator('tbody tr td:last-child').allInnerTexts();
  await expect.poll(async () => (await moves()).filter((text) => text !== '–').length).toBe(1);
  await page.keyboard.press('Escape');

  await goTo(page, 'Films');
  await readFilmOnPage(page, film);
  await openFirstFilm(page);
  await page.getByLabel('Name of Face 1').fill('Eileen');
  await page.keyboard.press('Enter');
}

async function saveEverything(page: Page): Promise<{ path: string; told: string }> {
  await goTo(page, 'About');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save everything' }).click();
  const download = await saving;
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return { path, told: await page.locator('[data-part=backup-status]').innerText() };
}

async function readBack(page: Page, path: string): Promise<void> {
  await goTo(page, 'About');
  await page.locator('[data-part=pick-backup]').setInputFiles(path);
  await page.locator('[data-part=backup] [data-state=working]').waitFor({ state: 'detached' });
  await page.locator('[data-part=backup] :is([data-state=done], [data-state=failed])').waitFor();
}

const told = (page: Page) => page.locator('[data-part=backup-status]').innerText();

/** Databases and settings; what belongs to the device alone, or is made anew of the rest, is left out. */
async function contentOf(page: Page): Promise<Profile> {
  const { localStorage, databases } = await page.evaluate(dumpProfile);
  const settings = JSON.parse(localStorage['mien.settings']);
  return {
    localStorage: { settings: { ...settings, cameraId: null } },
    databases: databases
      .map(({ stores, ...database }) => ({
        ...database,
        stores: stores.filter(({ name }) => name !== 'outlines'),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

const countOf = (profile: Profile, database: string, store: string) =>
  profile.databases.find(({ name }) => name === database)!.stores.find(({ name }) => name === store)!.records
    .length;

test(
  'a whole profile goes to a fresh one, and every record is the same there; damaged and foreign files change nothing',
  async () => {
    const here = await open({ path: '?sample&backend=wasm&model=lite' });
    await makeProfile(here);
    const { path, told: saved } = await saveEverything(here.page);
    expect(saved).toContain('In the file: 1 model, 1 picture, 1 film, 1 recording, settings.');
    const made = await contentOf(here.page);
    expect(here.errors).toEqual([]);
    for (const [database, store] of [
      ['mien-photos', 'results'],
      ['mien-films', 'chunks'],
      ['mien-films', 'files'],
      ['mien-recordings', 'parts'],
      ['mien-models', 'files'],
    ] as const)
      expect(countOf(made, database, store), `${database}, ${store}`).toBeGreaterThan(0);
    await here.close();

    const { page, errors } = await open({ path: '?backend=wasm&model=lite#/about' });
    const bytes = await readFile(path);
    const cut = join(folder, 'cut.zip');
    await writeFile(cut, bytes.subarray(0, bytes.length - 100));
    const damaged = join(folder, 'damaged.zip');
    const spoilt = Buffer.from(bytes);
    spoilt[Math.floor(bytes.length / 2)] ^= 0xff;
    await writeFile(damaged, spoilt);
    for (const [file, message] of [
      [cut, 'cut.zip: '],
      [damaged, 'damaged.zip: '],
      [nose, 'nose.zip: is no file of everything kept in Mien'],
    ] as const) {
      await readBack(page, file);
      expect(await page.locator('[data-part=backup] [role=alert]').innerText()).toContain(message);
    }
    expect(await page.locator('[data-place="Recordings"] [data-part=size]').innerText()).toMatch(/^0 /);

    await readBack(page, path);
    expect(await told(page)).toBe('Read back: 1 model, 1 picture, 1 film, 1 recording, settings.');
    expect(await contentOf(page)).toEqual(made);

    // Shown at once, without a reload.
    await goTo(page, 'Films');
    await openFirstFilm(page);
    expect(await page.getByLabel('Name of Face 1').inputValue()).toBe('Eileen');
    await page.locator('[data-part=film-stage][data-faces="1"]').waitFor();
    await goTo(page, 'Photos');
    await page.locator('[data-photo] .state svg').waitFor();
    await goTo(page, 'Models');
    await page.locator('article[data-model^=my-nose-]').waitFor();
    await goTo(page, 'Live');
    await page.locator('[data-recording]').waitFor();

    // It goes on, and is told, while other pages are looked at.
    await goTo(page, 'About');
    await page.locator('[data-part=pick-backup]').setInputFiles(path);
    await goTo(page, 'Films');
    await goTo(page, 'About');
    await expect
      .poll(() => told(page))
      .toBe('Here already: 1 model, 1 picture, 1 film, 1 recording, settings.');
    expect(await contentOf(page)).toEqual(made);

    // What is another here stays, beside what comes.
    await goTo(page, 'Films');
    await openFirstFilm(page);
    await page.getByLabel('Name of Face 1').fill('Collins');
    await page.keyboard.press('Enter');
    await readBack(page, path);
    expect(await told(page)).toContain(
      `Not the same as here, so both are kept: face-${FILM.frames}-${FILM.cut}.mp4.`,
    );
    await goTo(page, 'Films');
    await expect.poll(() => page.locator('[data-film]').count()).toBe(2);
    expect(errors).toEqual([]);
  },
  TEST_MS,
);

/** Has the browser tidy up its memory again and again for as long as this runs. */
async function tidying(page: Page, run: () => Promise<void>): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const running = { isOver: false };
  const rounds = (async () => {
    while (!running.isOver) await cdp.send('HeapProfiler.collectGarbage');
  })();
  try {
    await run();
  } finally {
    running.isOver = true;
    await rounds;
  }
}

const READINGS = 5;

test('a browser that tidies up its memory meanwhile reads everything back all the same', async () => {
  const { page, errors } = await open({ path: '?backend=wasm&model=lite#/photos' });
  await addPictures(page, [sample]);
  const { path } = await saveEverything(page);
  await tidying(page, async () => {
    for (let i = 0; i < READINGS; i++) {
      await readBack(page, path);
      expect(await told(page)).toBe('Here already: 1 picture.');
    }
  });
  expect(errors).toEqual([]);
});

/** The portrait takes more, and a recording less. */
const LITTLE_ROOM_BYTES = 600_000;

test('where there is too little room, that is said, what came is whole, and it goes on once there is more', async () => {
  const here = await open({ path: '?backend=wasm&model=lite#/photos' });
  await addPictures(here.page, [sample]);
  const { path } = await saveEverything(here.page);
  await here.close();

  const { page, errors } = await open({ path: 'models/registry.json' });
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: LITTLE_ROOM_BYTES });
  await page.goto(`${origin}/?backend=wasm&model=lite#/about`);
  await readBack(page, path);
  const alarm = await page.locator('[data-part=backup] [role=alert]').innerText();
  expect(alarm).toMatch(/^The browser’s storage is full.*Read the same file again to go on/);
  expect(alarm).not.toContain('holds nothing');
  const photos = page.locator('[data-place^=Photos] [data-part=size]');
  await expect.poll(() => photos.innerText()).toMatch(/^0 pictures/);

  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await page.reload();
  await readBack(page, path);
  expect(await told(page)).toBe('Read back: 1 picture.');
  expect(errors).toEqual([]);
});

/** Keeps a film of so many bytes, as the app would. Runs in the page. */
async function putLargeFilm(megabytes: number): Promise<void> {
  const opening = indexedDB.open('mien-films');
  await new Promise((resolve) => (opening.onsuccess = resolve));
  const db = opening.result;
  const writing = db.transaction(['films', 'files'], 'readwrite');
  const bytes = crypto.getRandomValues(new Uint8Array(50_000));
  const megabyte = new Blob(Array.from({ length: 20 }, () => bytes));
  const file = new Blob(Array.from({ length: megabytes }, () => megabyte));
  const about = { id: 'large', name: 'large.mp4', bytes: file.size, modifiedMs: 1, addedMs: 1, isKept: true };
  const nothing = { problem: '', notes: [], edits: [], names: {}, hidden: [], model: null, usedModel: null };
  const picture = { width: 0, height: 0, durationMs: null, method: null, hasSound: false, scheme: null };
  const read = { state: 'paused', done: 0, doneMs: 0, maxFaces: 1 };
  writing.objectStore('films').put({ ...about, ...nothing, ...picture, ...read });
  writing.objectStore('files').put(file, 'large');
  await new Promise((resolve) => (writing.oncomplete = resolve));
  db.close();
}

test(
  'a large film goes into the file and comes back without sitting in memory',
  async () => {
    const [from, to] = [await startVisits(dist), await startVisits(dist)];
    try {
      const first = await from.openTab();
      await first.goto(`${from.url}#/films`);
      await first.locator('[data-part=pick-films]').waitFor({ state: 'attached' });
      await first.evaluate(putLargeFilm, LARGE_MB);
      await from.closeBrowser();
      const page = await from.openTab();
      await page.goto(`${from.url}#/films`);
      await page.locator('[data-film]').waitFor();
      let path = '';
      const saving = await memoryGrowth(async () => ({ path } = await saveEverything(page)));
      await from.closeBrowser();

      const there = await to.openTab();
      await there.goto(`${to.url}#/about`);
      await expect.poll(() => there.locator('[data-place] [data-part=size]').count()).toBe(7);
      const reading = await memoryGrowth(() => readBack(there, path));
      expect(await told(there)).toBe('Read back: 1 film.');
      await expect
        .poll(() => there.locator('[data-place^=Films] [data-part=size]').innerText())
        .toBe(`1 film, ${LARGE_MB}.0 MB`);
      const [savingMb, readingMb] = [saving, reading].map((bytes) => Math.round(bytes / 1e6));
      console.log(
        `a film of ${LARGE_MB} MB: ${savingMb} MB more while saving, ${readingMb} MB while reading back`,
      );
      expect(Math.max(savingMb, readingMb)).toBeLessThan(MAX_GROWTH_MB);
      expect([...from.faults, ...to.faults]).toEqual([]);
    } finally {
      await from.end();
      await to.end();
    }
  },
  TEST_MS,
);
