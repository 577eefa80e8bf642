/** Builds the bench page (the engine as it ships, without the app) and opens it in headless Chromium. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser, root } from '../e2e/browser';
import { buildPage } from '../e2e/build-page';
import type { BenchPage } from './page/main';

declare global {
  interface Window {
    bench: BenchPage;
  }
}

/** face-api's weights, for the comparison. */
const rivalWeights = join(root, 'node_modules', '@vladmandic', 'face-api', 'model');

/** MediaPipe's code and its model, for the comparison. */
const peerCode = join(root, 'node_modules', '@mediapipe', 'tasks-vision', 'wasm');
export const peerModel = join(root, '..', 'shared', 'peers', 'face_landmarker.task');

export interface Site {
  readonly page: Page;
  readonly url: string;
  close(): Promise<void>;
}

export interface SiteOptions {
  /** Absolute paths; picture i is then at `pictures/i` under the page's address. */
  readonly pictures?: readonly string[];
  /** As in `launchBrowser`. Default: 'none', which keeps canvases in CPU memory, where wasm reads them. */
  readonly gl?: 'software' | 'none';
}

/** Builds the page and opens it. The caller closes it. */
export async function openSite({ pictures = [], gl = 'none' }: SiteOptions = {}): Promise<Site> {
  const folder = await buildPage('tests/bench', ['index.html', 'rival.html'], 'bench');
  const { url, close } = await serve({ folder });
  const browser = await launchBrowser({ camera: 'none', gl });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 400) console.error(`page: ${response.status()} for ${response.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`page: ${message.text()}`);
    });
    await page.route('**/pictures/*', async (route) => {
      const index = Number(new URL(route.request().url()).pathname.split('/').at(-1));
      await route.fulfill({ body: await readFile(pictures[index]), contentType: 'application/octet-stream' });
    });
    await page.route('**/face-api/*', async (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      await route.fulfill({ path: join(rivalWeights, name) });
    });
    await page.route('**/mediapipe/*', async (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      await route.fulfill({ path: join(peerCode, name) });
    });
    await page.route('**/peers/*', (route) => route.fulfill({ path: peerModel }));
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in window);
    return {
      page,
      url,
      async close() {
        await browser.close();
        await close();
      },
    };
  } catch (error) {
    await browser.close();
    await close();
    throw error;
  }
}

/** Writes a report as JSON and creates its folder if missing. */
export async function writeJson(file: string, report: unknown): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, JSON.stringify(report, null, 2) + '\n');
}

/** The graphics a backend needs from the browser. */
export const glOf = (backend: string): 'software' | 'none' => (backend === 'webgl' ? 'software' : 'none');
