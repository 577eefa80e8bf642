/** What a person kept with earlier versions of the app is there with this one. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { restoreProfile, type Profile } from '../fixtures/profiles/profile';
import { useApp, type App } from './app';
import { root } from './browser';
import { cardsOf } from './own-model-files';

/** How it was made is in record.ts beside it. */
const file = join(root, 'tests/fixtures/profiles/before-redesign.json.gz');
const profile = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Profile;
const open = useApp();

/** A Blob or typed array, as it was dumped. */
interface Bytes {
  readonly base64: string;
}
const toBuffer = ({ base64 }: Bytes) => Buffer.from(base64, 'base64');

/** Records of a store, as they were dumped. */
function recordsOf<T>(database: string, store: string): readonly T[] {
  const { stores } = profile.databases.find(({ name }) => name === database)!;
  return stores.find(({ name }) => name === store)!.records.map(({ value }) => value as T);
}

/** Point 2 of the one face that was kept, which was moved by hand, in px. */
function movedPoint(): { x: number; y: number } {
  const results = recordsOf<{ faces: { points: Bytes }[] }>('mien-photos', 'results');
  const [face] = results.flatMap(({ faces }) => faces);
  const bytes = toBuffer(face.points);
  return { x: bytes.readFloatLE(8), y: bytes.readFloatLE(12) };
}

/** Frames of a video file. */
async function framesOf(bytes: Buffer): Promise<number> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  return (await track!.computePacketStats()).packetCount;
}

/** The app on the restored profile. */
async function openRestored(path: string): Promise<App> {
  const app = await open({ path: 'models/registry.json' });
  await app.page.evaluate(restoreProfile, profile);
  await app.page.goto(new URL(`..${path}`, app.page.url()).href);
  return app;
}

const photo = (page: Page, name: string) => page.locator('button[data-photo]', { hasText: name });

test('settings are kept', async () => {
  const { page, stage, waitForState, errors } = await openRestored('?sample&backend=wasm');
  await waitForState('running');
  expect(await stage.getAttribute('data-model')).toBe('resnet');
  expect(await page.getByLabel('Network that finds the points').inputValue()).toBe('resnet');
  expect(await page.getByRole('radio', { name: 'Mesh' }).isChecked()).toBe(true);
  expect(await page.getByRole('radio', { name: 'Colour' }).isChecked()).toBe(true);
  expect(await page.getByRole('slider', { name: 'Smoothing' }).inputValue()).toBe('0.6');
  expect(await page.getByRole('slider', { name: 'Faces' }).inputValue()).toBe('2');
  expect(errors).toEqual([]);
});

test('photos are kept with a point that was moved and a face that was deleted', async () => {
  const { page, errors } = await openRestored('?backend=wasm#/photos');
  const checkPhotos = async () => {
    await expect.poll(() => page.locator('[data-work=done]').count()).toBe(2);
    // The pencil of what a person has corrected.
    for (const name of ['larger.jpg', 'smaller.jpg']) await photo(page, name).locator('.state svg').waitFor();
    await photo(page, 'smaller.jpg').click();
    await page.locator('[data-part=viewer][data-faces="0"]').waitFor();
    await page.keyboard.press('Escape');
    await photo(page, 'larger.jpg').click();
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('tab', { name: 'Points' }).click();
    const rows = page.locator('tbody tr');
    const [x, y] = await rows.nth(1).locator('td').allInnerTexts();
    const { x: keptX, y: keptY } = movedPoint();
    expect([x, y]).toEqual([keptX.toFixed(1), keptY.toFixed(1)]);
    const moved = await rows.locator('td:last-child').allInnerTexts();
    expect(moved.flatMap((text, i) => (text === '–' ? [] : [i]))).toEqual([1]);
  };
  await checkPhotos();
  // What was carried over is kept in the new shape.
  await page.goto(page.url().replace(/#.*/, '#/photos'));
  await page.reload();
  await checkPhotos();
  expect(errors).toEqual([]);
});

test('a model that was brought along is kept, and runs', async () => {
  const { page, errors } = await openRestored('?sample&backend=wasm#/models');
  const card = cardsOf(page, 'my-nose');
  await card.getByText('My nose').first().waitFor();
  await card.getByRole('link', { name: 'Use it live' }).click();
  await page.locator('[data-part=stage][data-state=running][data-model^=my-nose-][data-faces]').waitFor();
  expect(errors).toEqual([]);
});

test('a recording is listed, and its points and video can be saved', async () => {
  const { page, waitForState, errors } = await openRestored('?sample&backend=wasm');
  await waitForState('running');
  const recording = page.locator('[data-recording]');
  await recording.waitFor();
  const save = async (words: string) => {
    const download = page.waitForEvent('download');
    await recording.getByRole('button', { name: `Save ${words}` }).click();
    return readFile(await (await download).path());
  };
  const { format, model, frames } = JSON.parse((await save('JSON')).toString());
  const parts = recordsOf<{ video: Bytes; frames: Bytes }>('mien-recordings', 'parts');
  const keptFrames = Buffer.concat(parts.map((part) => toBuffer(part.frames)));
  const lines = keptFrames.toString().trim().split('\n');
  expect([format, model, frames.length]).toEqual(['mien-recording', 'resnet18', lines.length]);
  const video = await framesOf(Buffer.concat(parts.map((part) => toBuffer(part.video))));
  expect(video).toBeGreaterThan(0);
  // The same frames, in a file that can be sought in.
  expect(await framesOf(await save('Video'))).toBe(video);
  expect(errors).toEqual([]);
});
