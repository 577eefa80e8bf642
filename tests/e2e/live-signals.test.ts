/** Signals in the live view: the panel, the puppet, the strips, recordings, and pages that are sent what a face does. */
import { readFile } from 'node:fs/promises';
import Ajv from 'ajv';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import streamSchema from '../../docs/streams.schema.json';
import recordingSchema from '../../docs/recording.schema.json';
import { headersOf } from '../../scripts/headers.mjs';
import { serve } from '../../scripts/serve.mjs';
import type { SignalsMessage } from '../../src/shared/formats/signals/message';
import { readyMs, useApp, type App } from './app';
import { dist } from './browser';
import { expectAccessible, expectToFitScreens } from './fit-and-access';
import { waitUntilStill, watchFor } from './passing';
import './live-page';

/** How long something is watched for that must not happen. */
const WATCH_MS = 2000;
const RESULTS = 3;

/** The host lets other sites embed Mien, as docs/streams.md says. */
const openToFrames = (path: string) => {
  const headers = headersOf(path);
  const policy = headers['Content-Security-Policy'].replace(
    "frame-ancestors 'none'",
    'frame-ancestors http:',
  );
  return { ...headers, 'Content-Security-Policy': policy };
};
const open = useApp();

const sample = '?sample&backend=wasm&debug';

async function openSample(context: Parameters<typeof open>[0] = {}): Promise<App> {
  const app = await open({ path: sample, ...context });
  await app.page.locator('[data-part=stage][data-state=running][data-faces="1"]').waitFor();
  return app;
}

async function openPanel(context: Parameters<typeof open>[0] = {}): Promise<App> {
  const app = await openSample(context);
  await app.page.getByRole('tab', { name: 'Signals' }).click();
  await app.page.locator('[data-part=signals][data-face]').waitFor();
  return app;
}

const newestHasSignals = (page: Page) =>
  page.evaluate(() => window.mien.results.at(-1)?.faces[0]?.signals !== undefined);

const newestHasGaze = (page: Page) =>
  page.evaluate(() => window.mien.results.at(-1)?.faces[0]?.signals?.gaze !== undefined);

const valueOf = (page: Page, id: string) => page.locator(`[data-signal=${id}] .value`).innerText();

/** Coloured pixels of a canvas. */
const inkOf = (page: Page, canvas: string) =>
  page.locator(canvas).evaluate((element: HTMLCanvasElement) => {
    const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height);
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) inked += 1;
    return inked;
  });

/** Collects what the channel brings, from now on, in `window.heard`. */
const listen = (page: Page) =>
  page.evaluate(() => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    new BroadcastChannel('mien').addEventListener('message', ({ data }) => heard.push(data));
  });
const heardBy = (page: Page) => page.evaluate(() => (window as unknown as { heard: SignalsMessage[] }).heard);

describe('the panel', () => {
  test('shows numbers, strips and a puppet that move with the sample; nothing is measured while it is shut', async () => {
    const { page, errors, waitForResults } = await openSample();
    await waitForResults(RESULTS);
    expect(await newestHasSignals(page)).toBe(false);
    expect(await page.locator('[data-part=signals]').count()).toBe(0);

    await page.keyboard.press('g');
    await expect.poll(() => newestHasSignals(page)).toBe(true);
    const puppet = page.locator('[data-part=puppet]');
    const look = () => puppet.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const [firstLook, firstYaw, firstRoll] = [
      await look(),
      await valueOf(page, 'yaw'),
      await valueOf(page, 'roll'),
    ];
    await expect.poll(look).not.toBe(firstLook);
    await expect.poll(() => valueOf(page, 'yaw')).not.toBe(firstYaw);
    await expect.poll(() => valueOf(page, 'roll')).not.toBe(firstRoll);
    expect(await valueOf(page, 'yaw')).toMatch(/^[+−]?\d+°$/);

    // One strip is ticked at first, another is added; both draw, and are there after a reload.
    await page.getByRole('checkbox', { name: 'Roll', exact: true }).check();
    expect(await page.locator('[data-strip]').count()).toBe(2);
    const before = await inkOf(page, '[data-strip=roll] canvas');
    await expect.poll(() => inkOf(page, '[data-strip=roll] canvas')).toBeGreaterThan(before);
    await page.reload();
    await page.locator('[data-strip=roll]').waitFor();

    await page.keyboard.press('g');
    await page.locator('[data-part=signals]').waitFor({ state: 'detached' });
    await expect.poll(() => newestHasSignals(page)).toBe(false);
    expect(errors).toEqual([]);
  });

  test('a look at rest that was shown is told of once it counts, and outlasts a while without signals', async () => {
    const { page, errors } = await openPanel();
    // The sample laughs: its mouth is wider than that of the mean face, which is what counts at first.
    const mouthWidth = async () => Number.parseInt(await valueOf(page, 'mouthWidth'), 10);
    const isAsked = await watchFor(page, 'body', 'Hold this look for a second');
    await page.getByRole('button', { name: 'This is my face at rest' }).click();
    await isAsked();
    await page.getByText('This look counts as at rest').waitFor();
    await expect.poll(mouthWidth).toBeLessThan(106);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await expect.poll(() => newestHasSignals(page)).toBe(false);
    await page.getByRole('tab', { name: 'Signals' }).click();
    await page.locator('[data-part=signals][data-face]').waitFor();
    expect(Math.abs((await mouthWidth()) - 100)).toBeLessThan(8);
    expect(errors).toEqual([]);
  });

  test('axes are drawn at the nose, also without the panel', async () => {
    const { page, waitForState } = await openPanel();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await waitForState('frozen');
    await waitUntilStill(() => inkOf(page, 'canvas.overlay'));
    const before = await inkOf(page, 'canvas.overlay');
    await page.keyboard.press('a');
    await expect.poll(() => inkOf(page, 'canvas.overlay')).toBeGreaterThan(before + 500);
    expect(await newestHasSignals(page)).toBe(true);
  });

  test('gaze is told and drawn once it is switched on, by switch or key, and leaves nothing behind', async () => {
    const { page, errors, waitForState } = await openPanel();
    const gazeYaw = page.getByRole('checkbox', { name: 'Gaze yaw' });
    expect([await newestHasGaze(page), await gazeYaw.count()]).toEqual([false, 0]);
    const wanted = page.getByRole('switch', { name: 'Gaze' });
    await wanted.check();
    await expect.poll(() => newestHasGaze(page)).toBe(true);
    await expect.poll(() => valueOf(page, 'gazeYaw')).toMatch(/^[+−]?\d+°$/);
    await gazeYaw.check();
    const before = await inkOf(page, '[data-strip=gazeYaw] canvas');
    await expect.poll(() => inkOf(page, '[data-strip=gazeYaw] canvas')).toBeGreaterThan(before);

    // In the picture too, without the panel.
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Freeze' }).click();
    await waitForState('frozen');
    await expect.poll(() => newestHasGaze(page)).toBe(true);
    await waitUntilStill(() => inkOf(page, 'canvas.overlay'));
    const drawn = await inkOf(page, 'canvas.overlay');
    await page.keyboard.press('e');
    await expect.poll(() => newestHasGaze(page)).toBe(false);
    await expect.poll(() => inkOf(page, 'canvas.overlay')).toBeLessThan(drawn);
    await page.getByRole('tab', { name: 'Signals' }).click();
    expect([await wanted.isChecked(), await gazeYaw.count()]).toEqual([false, 0]);
    expect(await page.locator('[data-strip=gazeYaw]').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  test('frames go on while the eye network is fetched, which is told in the picture', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { page, errors, waitForResults } = await openPanel({
      prepare: (one) =>
        one.route('**/models/eye/**', async (route) => {
          await held;
          await route.continue();
        }),
    });
    await page.getByRole('switch', { name: 'Gaze' }).check();
    const told = page.getByText('Fetching the network for gaze');
    await told.waitFor();
    await waitForResults(RESULTS);
    expect([await newestHasSignals(page), await newestHasGaze(page)]).toEqual([true, false]);
    release();
    await expect.poll(() => newestHasGaze(page)).toBe(true);
    await told.waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  test('without the eye network, gaze switches itself off and says why; everything else goes on', async () => {
    const { page, waitForResults } = await openPanel({
      prepare: (one) => one.route('**/models/eye/**', (route) => route.abort()),
    });
    const wanted = page.getByRole('switch', { name: 'Gaze' });
    // It may be off again before a check that it is on.
    await wanted.click();
    await page.getByText(/^No gaze: .*eye/).waitFor();
    await expect.poll(() => wanted.isChecked()).toBe(false);
    await waitForResults(RESULTS);
    expect(await newestHasSignals(page)).toBe(true);
  });

  test.each(['light', 'dark'] as const)(
    'fits every screen, and axe finds nothing in the %s theme',
    async (colorScheme) => {
      const { page } = await openPanel({ context: { hasTouch: true, colorScheme } });
      await page.getByRole('switch', { name: 'Gaze' }).check();
      await page.getByRole('checkbox', { name: 'Gaze pitch' }).check();
      await page.getByRole('switch', { name: 'Axes of the head' }).check();
      await page.getByRole('switch', { name: 'Send to pages of this site' }).check();
      if (colorScheme === 'light') await expectToFitScreens(page, 'signals');
      await expectAccessible(page, `signals, ${colorScheme}`);
    },
  );
});

test('a recording holds what the face does, from its first frame on', async () => {
  const { page, waitForResults } = await openSample();
  await page.keyboard.press('v');
  await waitForResults(2 * RESULTS);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  const save = async (words: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save ${words}` }).click();
    return (await readFile(await (await download).path())).toString();
  };
  const recording = JSON.parse(await save('JSON'));
  const validate = new Ajv().compile(recordingSchema);
  expect(validate(recording), JSON.stringify(validate.errors)).toBe(true);
  const faces: { signals?: object }[] = recording.frames.flatMap(
    ({ faces: all }: { faces: object[] }) => all,
  );
  expect(faces.length).toBeGreaterThan(RESULTS);
  expect(faces.filter(({ signals }) => !signals)).toEqual([]);
  const [heading, row] = (await save('CSV')).split('\r\n').map((line) => line.split(','));
  expect(Number(row[heading.indexOf('yaw_deg')])).toBe(recording.frames[0].faces[0].signals.pose.yawDeg);
});

describe('streams', () => {
  test('a second page of the site hears nothing before the switch, everything after it, nothing once it is off', async () => {
    const { page, waitForResults } = await openPanel();
    const other = await page.context().newPage();
    await other.goto(new URL('examples/head.html', page.url()).href);
    await listen(other);
    await waitForResults(RESULTS);
    await other.waitForTimeout(WATCH_MS);
    expect(await heardBy(other)).toEqual([]);
    expect(await other.getByRole('status').innerText()).toBe('Nothing is received yet.');

    const wanted = page.getByRole('switch', { name: 'Send to pages of this site' });
    await wanted.check();
    await page.getByText('Sending to pages of this site').waitFor();
    const yaw = () => other.locator('#scene').getAttribute('data-yaw');
    await expect.poll(yaw).not.toBeNull();
    const first = await yaw();
    await expect.poll(yaw).not.toBe(first);
    const validate = new Ajv().compile(streamSchema);
    const heard = await heardBy(other);
    expect(heard.length).toBeGreaterThan(0);
    for (const message of heard) expect(validate(message), JSON.stringify(validate.errors)).toBe(true);

    await wanted.uncheck();
    await waitForResults(RESULTS);
    const count = (await heardBy(other)).length;
    await waitForResults(RESULTS);
    expect(await heardBy(other)).toHaveLength(count);
    // Not remembered: another visit begins with it off.
    await wanted.check();
    await page.reload();
    await page.locator('[data-part=signals][data-face]').waitFor();
    expect(await wanted.isChecked()).toBe(false);
  });

  test('who is sent anything is told beside the picture of a small phone, not over the face in it', async () => {
    const { page } = await openPanel({ context: { viewport: { width: 360, height: 640 } } });
    await page.getByRole('switch', { name: 'Send to pages of this site' }).check();
    const told = (await page.getByText('Sending to pages of this site').boundingBox())!;
    const picture = (await page.locator('[data-part=stage]').boundingBox())!;
    expect(told.y).toBeGreaterThanOrEqual(picture.y + picture.height);
    expect(told.x + told.width).toBeLessThanOrEqual(360);
  });

  test('the example opens Mien, which asks, and is sent the numbers once a person agrees', async () => {
    const { page } = await open({ path: 'examples/head.html' });
    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Open Mien' }).click();
    const mien = await opening;
    const dialog = mien.getByRole('dialog', { name: 'Send to another page?' });
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain(new URL(page.url()).origin);
    await page.getByText('Mien asks whether').waitFor();
    await expectAccessible(mien, 'the dialog that asks');
    await dialog.getByRole('button', { name: 'Send for this visit' }).click();
    await page.getByText('Allowed.').waitFor();
    await mien.getByRole('button', { name: 'Try the sample' }).click();
    await expect.poll(() => page.locator('#scene').getAttribute('data-yaw')).not.toBeNull();
    await mien.getByText('Sending to').waitFor();
  });
});

test.each(['light', 'dark'] as const)(
  'the example fits every screen, and axe finds nothing in the %s theme',
  async (colorScheme) => {
    const { page } = await open({ path: 'examples/head.html', context: { colorScheme } });
    await expectToFitScreens(page, 'example');
    await expectAccessible(page, `example, ${colorScheme}`);
  },
);

describe('a page of another site that embeds Mien', () => {
  const openFramed = useApp({}, () => serve({ folder: dist, headersOf: openToFrames }));
  let embedder: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    embedder = await serve({ folder: dist, headersOf: () => ({}) });
  });
  afterAll(() => embedder.close());

  test('asks with its own origin; refused, it gets nothing', async () => {
    const { page: mien } = await openFramed();
    const page = await mien.context().newPage();
    page.setDefaultTimeout(readyMs);
    // Another port is another origin. Of the page itself only that matters.
    await page.goto(`${embedder.url}examples/head.html`);
    const { origin } = new URL(embedder.url);
    await page.evaluate((url) => {
      const heard: unknown[] = [];
      const frame = Object.assign(document.createElement('iframe'), { src: url, width: 800, height: 700 });
      document.body.replaceChildren(frame);
      Object.assign(window, { heard });
      addEventListener('message', ({ data }) => heard.push(data.status ?? data.type));
      setInterval(() => frame.contentWindow!.postMessage({ type: 'mien:subscribe', version: 1 }, '*'), 500);
    }, mien.url() + sample);
    const frame = page.frameLocator('iframe');
    const dialog = frame.getByRole('dialog', { name: 'Send to another page?' });
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain(origin);
    await frame.locator('[data-part=stage][data-state=running][data-faces="1"]').waitFor();
    await dialog.getByRole('button', { name: 'Do not send' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { heard: string[] }).heard.at(-1)))
      .toBe('refused');
    await page.waitForTimeout(WATCH_MS);
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard).not.toContain('mien:signals');
    expect(await dialog.isVisible()).toBe(false);

    // The person changes their mind.
    await frame.getByRole('tab', { name: 'Signals' }).click();
    await frame.getByRole('switch', { name: `Send to ${origin}` }).check();
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { heard: string[] }).heard))
      .toContain('mien:signals');
  });
});
