/** Recording the live view: the files, a hidden tab, a muted camera, a reload in the middle, a full storage. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RecordedFrame } from '../../src/shared/formats/recording/schema';
import { makeClip } from '../fixtures/clip';
import { openApp, type App } from './app';
import { launchBrowser, serveApp } from './browser';
import { setMuted } from './live-page';

/** A busy machine reads few frames a second; so many say that it was not one still. */
const FRAMES = 8;
/** Between the last frame's time and the end of the video; the encoder waits for a part to be full. */
const END_TOLERANCE_S = 1.5;
const HIDDEN_MS = 4000;
const MUTED_MS = 4000;
/** Between what the page does and what the test hears of it, ms. */
const SLACK_MS = 500;
/** More than the head of a video: frames. A busy machine's encoder lags behind. */
const VIDEO_BYTES = 20_000;

/** Of a face's width, between one pass of the network and another at a smaller size. */
const TURN_TOLERANCE = 0.05;
/** Between the centre of a face's points before and after, px of the recording. */
const TURN_PX = 8;

let site: Awaited<ReturnType<typeof serveApp>>;
let browser: Browser;
let app: App | undefined;
beforeAll(async () => {
  site = await serveApp();
  browser = await launchBrowser({ gl: 'none', camera: await makeClip() });
});
afterEach(() => app?.close());
afterAll(async () => {
  await browser.close();
  await site.close();
});

async function openLive(prepare?: (page: Page) => Promise<unknown>): Promise<App> {
  app = await openApp(browser, site.url, { path: '?backend=wasm', prepare });
  await app.page.getByRole('button', { name: 'Start the camera' }).click();
  await app.waitForState('running');
  await app.page.locator('[data-part=stage][data-faces="1"]').waitFor();
  return app;
}

const item = (page: Page) => page.locator('[data-recording]');

async function save(page: Page, words: string): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await item(page)
    .getByRole('button', { name: `Save ${words}` })
    .click();
  return readFile(await (await download).path());
}

async function saveFrames(page: Page): Promise<RecordedFrame[]> {
  const { format, scheme, frames } = JSON.parse((await save(page, 'JSON')).toString());
  expect([format, scheme.pointCount]).toEqual(['mien-recording', 68]);
  const times = frames.map(({ timeMs }: RecordedFrame) => timeMs);
  expect(times.every((timeMs: number, i: number) => i === 0 || timeMs > times[i - 1])).toBe(true);
  return frames;
}

interface Played {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** As the file says before it is played; null where it does not know. */
  readonly lengthS: number | null;
  readonly endS: number;
}

/** Plays the video to its end. */
async function play(page: Page): Promise<Played> {
  const data = (await save(page, 'Video')).toString('base64');
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes]));
    const ended = new Promise((resolve, reject) => {
      video.onended = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    video.playbackRate = 2;
    await new Promise((resolve) => (video.onloadedmetadata = resolve));
    const lengthS = Number.isFinite(video.duration) ? video.duration : null;
    await video.play();
    await ended;
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    const { videoWidth: width, videoHeight: height, currentTime: endS } = video;
    return { width, height, frames: totalVideoFrames, lengthS, endS };
  }, data);
}

/** Waits until storage holds enough of the video to be played. */
async function waitForVideo(page: Page): Promise<void> {
  const storedBytes = () =>
    page.evaluate(async () => {
      const opening = indexedDB.open('mien-recordings');
      const db = await new Promise<IDBDatabase>((resolve) => {
        opening.onsuccess = () => resolve(opening.result);
      });
      const all = db.transaction('parts').objectStore('parts').getAll();
      const parts = await new Promise<{ video: Blob }[]>((resolve) => {
        all.onsuccess = () => resolve(all.result);
      });
      db.close();
      return parts.reduce((sum, { video }) => sum + video.size, 0);
    });
  await expect.poll(storedBytes, { timeout: 120_000 }).toBeGreaterThan(VIDEO_BYTES);
}

async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('gives a video with frames, and the points over time as JSON and CSV; a hidden page and a muted camera are left out', async () => {
  const { page, waitForResults, errors } = await openLive();
  const startedMs = performance.now();
  await page.keyboard.press('v');
  await waitForResults(FRAMES);
  await hide(page, true);
  await page.waitForTimeout(HIDDEN_MS);
  await hide(page, false);
  await waitForResults(FRAMES);
  await setMuted(page, true);
  await page.waitForTimeout(MUTED_MS);
  await setMuted(page, false);
  await waitForResults(FRAMES);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  const wholeMs = performance.now() - startedMs;
  await item(page).waitFor();

  const frames = await saveFrames(page);
  expect(frames.length).toBeGreaterThan(FRAMES);
  expect(frames.some(({ faces }) => faces[0]?.points.length === 68)).toBe(true);
  expect(frames.at(-1)!.timeMs).toBeLessThan(wholeMs - HIDDEN_MS - MUTED_MS + SLACK_MS);

  const [heading, ...rows] = (await save(page, 'CSV')).toString().trim().split('\r\n');
  expect(heading.split(',').slice(0, 4)).toEqual(['time_ms', 'face', 'score', 'x1']);
  expect(rows).toHaveLength(frames.reduce((sum, { faces }) => sum + faces.length, 0));

  const video = await play(page);
  expect(video).toMatchObject({ width: 640, height: 480 });
  expect(video.frames).toBeGreaterThan(FRAMES);
  expect(Math.abs(video.endS - frames.at(-1)!.timeMs / 1000)).toBeLessThan(END_TOLERANCE_S);
  // It can be sought in.
  expect(Math.abs(video.lengthS! - video.endS)).toBeLessThan(END_TOLERANCE_S);
  expect(errors).toEqual([]);
});

test('broken off by a reload, and by a full storage: what was recorded until then is kept', async () => {
  const { page, waitForState, waitForResults, errors } = await openLive((fresh) =>
    fresh.addInitScript(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...values) {
        if ((window as { isFull?: boolean }).isFull) throw new DOMException('No room', 'QuotaExceededError');
        return put.apply(this, values);
      };
    }),
  );
  await page.keyboard.press('v');
  await waitForVideo(page);
  await page.reload();
  await item(page).waitFor();
  expect((await saveFrames(page)).length).toBeGreaterThan(0);
  expect((await play(page)).frames).toBeGreaterThan(0);
  await item(page).getByRole('button', { name: 'Remove' }).click();
  await item(page).getByRole('button', { name: 'Remove for good' }).click();
  await expect.poll(() => item(page).count()).toBe(0);

  await page.getByRole('button', { name: 'Start the camera' }).click();
  await waitForState('running');
  await waitForResults(2);
  await page.keyboard.press('v');
  await waitForVideo(page);
  await page.evaluate(() => Object.assign(window, { isFull: true }));
  await page.getByText('What was recorded until then is kept. (recording: No room)').waitFor();
  await item(page).waitFor();
  expect((await play(page)).frames).toBeGreaterThan(0);
  expect(errors).toEqual([]);
});

test('ends when Live is left, is kept, and says so', async () => {
  const { page, waitForResults, waitForState, errors } = await openLive();
  await page.keyboard.press('v');
  await page.getByText('until you stop it or leave Live').waitFor();
  await waitForResults(FRAMES);
  await page.getByRole('link', { name: 'About' }).click();
  await page.getByRole('heading', { name: 'About Mien' }).waitFor();
  await page.waitForTimeout(SLACK_MS);
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await waitForState('running');
  await page.getByText('It ended when you left Live, and is kept.').waitFor();
  expect((await saveFrames(page)).length).toBeGreaterThan(1);
  expect(await page.getByRole('button', { name: 'Record', exact: true }).isVisible()).toBe(true);
  expect(errors).toEqual([]);
});

test('of a phone that is turned keeps picture and points together, and stage and meter follow', async () => {
  // A canvas as the camera: its stream changes size with it, as a phone's camera does.
  const { page, waitForResults, errors } = await openLive((camera) =>
    camera.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        const face = new Image();
        face.src = 'samples/astronaut.png';
        await face.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
        const context = canvas.getContext('2d')!;
        setInterval(() => {
          const side = Math.min(canvas.width, canvas.height);
          context.fillRect(0, 0, canvas.width, canvas.height);
          context.drawImage(face, (canvas.width - side) / 2, (canvas.height - side) / 2, side, side);
        }, 50);
        Object.assign(window, { turn: () => Object.assign(canvas, { width: 480, height: 640 }) });
        return canvas.captureStream(20);
      };
    }),
  );
  const meter = page.locator('[data-part=where]');
  await expect.poll(() => meter.innerText()).toContain('640 × 480');
  await page.keyboard.press('v');
  await waitForResults(FRAMES);
  await page.evaluate(() => (window as unknown as { turn: () => void }).turn());
  await expect.poll(() => meter.innerText()).toContain('480 × 640');
  const stage = page.locator('[data-part=stage]');
  expect(await stage.getAttribute('style')).toContain('480 / 640');
  await page.locator('[data-part=stage][data-faces="1"]').waitFor();
  await waitForResults(FRAMES);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await item(page).waitFor();
  const frames = (await saveFrames(page)).filter(({ faces }) => faces.length === 1);
  const centreOf = ({ faces: [{ points }] }: RecordedFrame) => {
    const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    return [mean(0), mean(1)];
  };
  const widthOf = ({ faces: [{ points }] }: RecordedFrame) => points[16][0] - points[0][0];
  const [first, last] = [frames[0], frames.at(-1)!];
  // Upright the picture is fitted into 640 × 480: the same square, 480 px wide before and 480 · 0.75 px then, in the middle.
  expect(widthOf(last) / widthOf(first)).toBeGreaterThan(0.75 - TURN_TOLERANCE);
  expect(widthOf(last) / widthOf(first)).toBeLessThan(0.75 + TURN_TOLERANCE);
  const [x, y] = centreOf(first);
  const expected = [320 + 0.75 * (x - 320), 240 + 0.75 * (y - 240)];
  centreOf(last).forEach((value, axis) => expect(Math.abs(value - expected[axis])).toBeLessThan(TURN_PX));
  expect(errors).toEqual([]);
});
