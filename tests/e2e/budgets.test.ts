/** What a person waits for: bytes of JavaScript as a server compresses them, and of the files that the first picture needs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DETECTORS } from '../../src/engine/detect/detector-files';
import { DETECTOR_NAMES } from '../../src/engine/options';
import { openApp, type App } from './app';
import { dist, launchBrowser, serveApp } from './browser';

const initialKb = 120;
const engineKb = 350;
const modelMb = 4;
const kb = (bytes: number) => Math.round(bytes / 1000);

let site: Awaited<ReturnType<typeof serveApp>>;
let browser: Browser;

beforeAll(async () => {
  site = await serveApp();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** Opens the app and waits; @returns gzipped bytes of the scripts it fetched for that. */
async function scriptBytes(path: string, isReady: (app: App) => Promise<unknown>): Promise<number> {
  const scripts = new Set<string>();
  const prepare = async (page: Page) =>
    page.context().on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js')) scripts.add(pathname);
    });
  const app = await openApp(browser, site.url, { path, prepare });
  await isReady(app);
  await app.close();
  const files = await Promise.all([...scripts].map((script) => readFile(join(dist, script))));
  return files.reduce((sum, file) => sum + gzipSync(file).byteLength, 0);
}

const isWelcome = ({ page }: App) => page.getByRole('button', { name: 'Start the camera' }).waitFor();
/** From here on nothing more is loaded. */
const isWarmingUp = ({ page }: App) =>
  page.getByText(/Preparing the graphics|Warming up|frames a second/).waitFor();

test('scripts', async () => {
  const initial = await scriptBytes('', isWelcome);
  console.log(`scripts at first: ${kb(initial)} kB gzip`);
  expect(initial).toBeGreaterThan(0);
  expect(kb(initial)).toBeLessThanOrEqual(initialKb);
  for (const backend of ['wasm', 'webgl']) {
    const more = (await scriptBytes(`?sample&backend=${backend}`, isWarmingUp)) - initial;
    console.log(`engine with ${backend}: ${kb(more)} kB gzip more`);
    expect(more).toBeGreaterThan(initial);
    expect(kb(more), backend).toBeLessThanOrEqual(engineKb);
  }
});

test('models', async () => {
  const { models } = JSON.parse(await readFile(join(dist, 'models/registry.json'), 'utf8'));
  const files: { bytes: number }[] = [...models[0].files, ...DETECTORS[DETECTOR_NAMES[0]].files];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`${models[0].title} and the detector: ${(bytes / 1e6).toFixed(1)} MB`);
  expect(bytes).toBeLessThanOrEqual(modelMb * 1e6);
});
