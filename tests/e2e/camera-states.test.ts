/** What a person meets when the camera cannot be had, and the ways on from there. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openApp, problemOf, type App, type AppOptions } from './app';
import { launchBrowser, serveApp, type BrowserOptions } from './browser';

let site: Awaited<ReturnType<typeof serveApp>>;
let browser: Browser | undefined;
let app: App | undefined;

beforeAll(async () => {
  site = await serveApp();
});
afterEach(async () => {
  await browser?.close();
  browser = app = undefined;
});
afterAll(() => site.close());

async function open(
  browserOptions: BrowserOptions,
  appOptions: AppOptions = {},
  url = site.url,
): Promise<App> {
  browser = await launchBrowser({ gl: 'none', ...browserOptions });
  app = await openApp(browser, url, { path: '?backend=wasm', ...appOptions });
  return app;
}

const startCamera = (page: Page) => page.getByRole('button', { name: 'Start the camera' }).click();

describe('a camera that cannot be had', () => {
  test('denied: says how to allow it, and the sample is a way on', async () => {
    const { page, waitForState, errors } = await open({ allowCamera: false });
    await startCamera(page);
    expect(await problemOf(page)).toBe('denied');
    expect(await page.getByRole('alert').innerText()).toContain('The camera is not allowed');
    await page.getByRole('button', { name: 'Use the sample instead' }).click();
    await waitForState('running');
    expect(errors).toEqual([]);
  });

  test('denied, then allowed: trying again works', async () => {
    const { page, waitForState } = await open({ allowCamera: false });
    await startCamera(page);
    expect(await problemOf(page)).toBe('denied');
    await page.context().grantPermissions(['camera']);
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForState('running');
  });

  test('none: says so', async () => {
    const { page, errors } = await open({ camera: 'none' });
    await startCamera(page);
    expect(await problemOf(page)).toBe('no-camera');
    expect(await page.getByRole('alert').innerText()).toContain('No camera found');
    expect(errors).toEqual([]);
  });

  test('in use: trying again works once it is free', async () => {
    const prepare = (page: Page) =>
      page.addInitScript(() => {
        const devices = navigator.mediaDevices;
        const open = devices.getUserMedia.bind(devices);
        let tries = 0;
        devices.getUserMedia = (constraints) =>
          tries++ ? open(constraints) : Promise.reject(new DOMException('Device in use', 'NotReadableError'));
      });
    const { page, waitForState } = await open({}, { prepare });
    await startCamera(page);
    expect(await problemOf(page)).toBe('in-use');
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForState('running');
  });

  test('an address without https: says why there is no camera', async () => {
    const port = new URL(site.url).port;
    const args = ['--host-resolver-rules=MAP mien.test 127.0.0.1'];
    const { page } = await open({ args }, {}, `http://mien.test:${port}/`);
    await startCamera(page);
    expect(await problemOf(page)).toBe('insecure');
  });

  // A browser ends the track of a camera that goes away, and says so with this event.
  const endings = {
    unplugged: 'unplugged',
    'unplugged, and the others cannot be listed': 'unplugged',
    'taken by another program': 'in-use',
    forbidden: 'denied',
  } as const;

  test.each(Object.entries(endings))(
    '%s while running: says so, lets go, and trying again works',
    async (how, problem) => {
      const prepare = (page: Page) =>
        page.addInitScript(() => {
          const devices = navigator.mediaDevices;
          const open = devices.getUserMedia.bind(devices);
          devices.getUserMedia = async (constraints) => {
            const stream = await open(constraints);
            Object.assign(window, { lastTrack: stream.getVideoTracks()[0] });
            return stream;
          };
        });
      const { page, waitForState, errors } = await open({}, { prepare });
      await startCamera(page);
      await waitForState('running');
      await page.evaluate((ending) => {
        const { lastTrack } = window as unknown as { lastTrack: MediaStreamTrack };
        if (ending === 'unplugged') navigator.mediaDevices.enumerateDevices = async () => [];
        if (ending.endsWith('listed'))
          navigator.mediaDevices.enumerateDevices = () => Promise.reject(new DOMException('no list'));
        if (ending === 'forbidden')
          navigator.permissions.query = async () => ({ state: 'denied' }) as PermissionStatus;
        lastTrack.stop();
        lastTrack.dispatchEvent(new Event('ended'));
      }, how);
      expect(await problemOf(page)).toBe(problem);
      await page.getByRole('button', { name: 'Try again' }).click();
      await waitForState('running');
      expect(errors).toEqual([]);
    },
  );

  test('its permission is taken back while it runs: says so, and trying again asks anew', async () => {
    const { page, waitForState, errors } = await open({ allowCamera: false });
    await page.context().grantPermissions(['camera']);
    await startCamera(page);
    await waitForState('running');
    await page.context().clearPermissions();
    expect(await problemOf(page)).toBe('withdrawn');
    expect(await page.getByRole('alert').innerText()).toContain('The camera is no longer allowed');
    await page.context().grantPermissions(['camera']);
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForState('running');
    expect(errors).toEqual([]);
  });

  test('cancelled while the person is being asked: back to the start, and a late camera is let go', async () => {
    const prepare = (page: Page) =>
      page.addInitScript(() => {
        const devices = navigator.mediaDevices;
        const open = devices.getUserMedia.bind(devices);
        const asked: { streams: MediaStream[]; answer: () => void } = {
          streams: [],
          answer: () => undefined,
        };
        Object.assign(window, { asked });
        devices.getUserMedia = async (constraints) => {
          await new Promise<void>((resolve) => (asked.answer = resolve));
          const stream = await open(constraints);
          asked.streams.push(stream);
          return stream;
        };
      });
    const { page, waitForState } = await open({}, { prepare });
    await startCamera(page);
    await waitForState('asking');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Start the camera' }).waitFor();
    const isLive = () =>
      page.evaluate(() => {
        const { asked } = window as unknown as { asked: { streams: MediaStream[]; answer: () => void } };
        asked.answer();
        return asked.streams.map((stream) => stream.active);
      });
    await expect.poll(isLive).toEqual([false]);
    await page.getByRole('button', { name: 'Start the camera' }).waitFor();
  });
});

describe('a camera', () => {
  test('is shown mirrored, follows changes of its settings, and survives a look at another page', async () => {
    const prepare = (page: Page) =>
      page.addInitScript(() => {
        const devices = navigator.mediaDevices;
        const open = devices.getUserMedia.bind(devices);
        const opened: MediaStreamConstraints[] = [];
        Object.assign(window, { opened });
        devices.getUserMedia = (constraints) => {
          opened.push(constraints ?? {});
          return open(constraints);
        };
      });
    const { page, stage, waitForState, waitForResults, errors } = await open({}, { prepare });
    const openedCount = () => page.evaluate(() => (window as unknown as { opened: unknown[] }).opened.length);
    await startCamera(page);
    await waitForState('running');
    expect(await stage.getAttribute('data-mirrored')).toBe('true');
    await waitForResults(2);
    await page.getByText('No face in view').waitFor();

    await page.getByText('720p').click();
    await expect
      .poll(() => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth))
      .toBe(1280);
    await waitForState('running');
    expect(await openedCount()).toBe(2);

    await page.getByRole('link', { name: 'About' }).click();
    await page.getByRole('heading', { name: 'About Mien' }).waitFor();
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await waitForState('running');
    await waitForResults(2);
    expect(await openedCount()).toBe(2);

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Start the camera' }).waitFor();
    expect(errors).toEqual([]);
  });
});
