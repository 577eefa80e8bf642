/** Every way into the page of pictures, as a person goes it; what cannot be taken is named, and the rest goes on. */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useApp } from './app';
import { withFakeCameras } from './fake-camera';
import { pressOnce } from './passing';
import { openPhotos, pictures, sample, waitForPictures } from './photos';

const open = useApp();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-in-'));
  await mkdir(join(folder, 'holiday', 'day 2'), { recursive: true });
  await copyFile(sample, join(folder, 'holiday', 'day 2', 'anna.png'));
  await copyFile(pictures[1], join(folder, 'holiday', 'bert.jpg'));
  await writeFile(join(folder, 'holiday', 'letter.jpg'), 'Dear Anna');
  await writeFile(join(folder, 'holiday', 'cut.png'), (await readFile(sample)).subarray(0, 2000));
  await writeFile(join(folder, 'holiday', 'nothing.gif'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = (page: Page) => page.locator('button[data-photo] .name').allInnerTexts();
const words = (page: Page) => page.locator('button[data-photo] .state').allInnerTexts();
const notices = (page: Page) => page.locator('[data-part=notices] li').allInnerTexts();
/** In base64, as a page can be handed it. */
const sampleBytes = () => readFile(sample, 'base64');

test('a folder is dropped: pictures are processed, other files are named', async () => {
  const { page, errors } = await openPhotos(open);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [join(folder, 'holiday')], dragOperationsMask: 1 };
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    cdp.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await drag('dragEnter');
  await drag('dragOver');
  await page.getByText('Drop them anywhere').waitFor();
  await drag('drop');
  await waitForPictures(page, 2);
  expect(await names(page)).toEqual(['bert.jpg', 'anna.png']);
  expect(await words(page)).toEqual(['1 face', '1 face']);
  expect(await page.getByTitle('holiday/day 2/anna.png').count()).toBe(1);
  expect((await notices(page)).sort()).toEqual([
    'holiday/cut.png is damaged or cut short, and cannot be decoded.',
    expect.stringMatching(/^holiday\/letter\.jpg is not a picture that Mien knows/),
    'holiday/nothing.gif is empty.',
  ]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(await notices(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('a picture is pasted', async () => {
  const { page } = await openPhotos(open);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(
    (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    },
    await sampleBytes(),
  );
  await waitForPictures(page, 1);
  expect(await words(page)).toEqual(['1 face']);
});

test('a picture is taken with the camera, which is off again afterwards', async () => {
  const { page } = await openPhotos(open, {
    prepare: (opened) =>
      opened.addInitScript(() => {
        const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wish) => {
          const stream = await get(wish);
          Object.assign(window, { cameraTrack: stream.getVideoTracks()[0] });
          return stream;
        };
      }),
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Take picture' }).click();
  await waitForPictures(page, 1);
  expect((await names(page))[0]).toMatch(/^mien-.*\.jpg$/);
  expect(
    await page.evaluate(() => (window as unknown as Record<string, MediaStreamTrack>).cameraTrack.readyState),
  ).toBe('ended');
});

test('a camera that goes away while a picture is to be taken is told of, and opens again', async () => {
  const { page, errors } = await openPhotos(open);
  await page.getByRole('button', { name: 'Camera' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take a picture' });
  await dialog.locator('video').evaluate(({ srcObject }: HTMLVideoElement) => {
    const [track] = (srcObject as MediaStream).getVideoTracks();
    track.dispatchEvent(new Event('ended'));
  });
  await dialog.locator('[data-problem=in-use]').waitFor();
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await dialog.locator('video').waitFor();
  expect(errors).toEqual([]);
});

test('a busy camera offers the others, and one that still opens is let go with its window', async () => {
  const usual = { width: 640, height: 480, framesPerSecond: 20 };
  const { page, errors } = await openPhotos(open, {
    prepare: withFakeCameras([
      { ...usual, deviceId: 'front', label: 'Front camera', facing: 'user', isBusy: true },
      { ...usual, deviceId: 'back', label: 'Back camera', facing: 'environment', startMs: 400 },
    ]),
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take a picture' });
  await dialog.getByRole('button', { name: 'Use Back camera' }).click();
  await page.waitForFunction(() => window.fakeCameras.asked === 2);
  await page.keyboard.press('Escape');
  const states = () => page.evaluate(() => window.fakeCameras.tracks.map(({ readyState }) => readyState));
  await expect.poll(states).toEqual(['ended']);
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Take picture' }).click();
  await waitForPictures(page, 1);
  expect(await states()).toEqual(['ended', 'ended']);
  expect(errors).toEqual([]);
});

/** As the service worker leaves them. */
async function share(page: Page): Promise<void> {
  await page.evaluate(
    async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const cache = await caches.open('mien-shared');
      const file = new File([bytes], 'anna & bert.png', { type: 'image/png' });
      await cache.put(`shared/1?name=${encodeURIComponent(file.name)}`, new Response(file));
    },
    await sampleBytes(),
  );
}

const countShared = (page: Page) =>
  page.evaluate(async () => (await (await caches.open('mien-shared')).keys()).length);

test('pictures that another app shared are taken once', async () => {
  const { page } = await openPhotos(open);
  await share(page);
  await page.reload();
  await waitForPictures(page, 1);
  expect(await names(page)).toEqual(['anna & bert.png']);
  await expect.poll(() => countShared(page)).toBe(0);
  await page.reload();
  await waitForPictures(page, 1);
});

test('pictures that another app shared are not lost with a page that is closed before it has kept them', async () => {
  const { page } = await openPhotos(open, {
    // No picture is ever decoded in this page.
    prepare: (opened) =>
      opened.addInitScript(() => {
        window.createImageBitmap = () => new Promise(() => {});
      }),
  });
  await share(page);
  await page.reload();
  await page.waitForFunction(async () =>
    (await navigator.locks.query()).held?.some(({ name }) => name === 'mien-shared'),
  );
  const later = await page.context().newPage();
  await page.close();
  await later.goto(page.url());
  await waitForPictures(later, 1);
  expect(await names(later)).toEqual(['anna & bert.png']);
});

test('pictures are opened with the app, also while another page of it is shown', async () => {
  const { page } = await openPhotos(open, {
    prepare: (opened) =>
      opened.addInitScript(() => {
        const setConsumer = (consume: unknown) => Object.assign(window, { openWith: consume });
        Object.defineProperty(window, 'launchQueue', { value: { setConsumer } });
      }),
  });
  await page.waitForFunction(() => 'openWith' in window);
  await page.getByRole('link', { name: 'About' }).click();
  await page.evaluate(
    (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const anna = { name: 'anna.png', getFile: async () => new File([bytes], 'anna.png') };
      const gone = { name: 'gone.png', getFile: () => Promise.reject(new Error('moved')) };
      const { openWith } = window as unknown as { openWith(launch: { files: unknown[] }): void };
      openWith({ files: [anna, gone] });
    },
    await sampleBytes(),
  );
  await waitForPictures(page, 1);
  expect(await words(page)).toEqual(['1 face']);
  expect(await notices(page)).toEqual(['gone.png could not be read from disk.']);
});

test('work that is called off leaves what was taken in', async () => {
  const { page } = await openPhotos(open);
  const bytes = await readFile(sample);
  const files = Array.from({ length: 12 }, (_, i) => ({
    name: `${i}.png`,
    mimeType: 'image/png',
    buffer: bytes,
  }));
  const cancelling = pressOnce(page, 'Cancel', '[data-work=done]');
  await page.locator('[data-part=pick-pictures]').setInputFiles(files);
  await cancelling;
  await page.locator('[data-part=work]').waitFor({ state: 'detached' });
  const taken = await page.locator('button[data-photo]').count();
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(12);
});
