/** What a person meets when the model or the graphics card cannot be had, and while they are waiting. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { problemOf, useApp, type App } from './app';
import { dist } from './browser';

const openApp = useApp();

const open = (path: string, prepare?: (page: Page) => Promise<unknown>): Promise<App> =>
  openApp({ path, prepare });

/** Answers requests for weight files of landmark models; those of the detector lie in another folder. */
const onWeights = (answer: (route: Route) => Promise<void>) => (page: Page) =>
  page.context().route(/\/models\/(?!blazeface|eye\/)[^/]+\/[^/]+\.bin$/, answer);

describe('a model that cannot be had', () => {
  test('not in the registry: the standard model is a way on', async () => {
    const { page, stage, waitForState, errors } = await open('?sample&backend=wasm&model=nothing');
    expect(await problemOf(page)).toBe('model-missing');
    await page.getByRole('button', { name: 'Use the default model' }).click();
    await waitForState('running');
    const registry = JSON.parse(await readFile(join(dist, 'models/registry.json'), 'utf8'));
    expect(await stage.getAttribute('data-model')).toBe(registry.models[0].id);
    expect(errors).toEqual([]);
  });

  test('a file is missing: trying again works once it is there', async () => {
    let missing = true;
    const { page, waitForState } = await open(
      '?sample&backend=wasm',
      onWeights((route) => (missing ? route.fulfill({ status: 404 }) : route.continue())),
    );
    expect(await problemOf(page)).toBe('model-missing');
    missing = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitForState('running');
  });

  test('one changed byte: it is not run, and the words name the file', async () => {
    const { page, errors } = await open(
      '?sample&backend=wasm',
      onWeights(async (route) => {
        const response = await route.fetch();
        const body = await response.body();
        body[1000] ^= 1;
        await route.fulfill({ response, body });
      }),
    );
    expect(await problemOf(page)).toBe('hash-mismatch');
    await page.getByText('Technical details').click();
    expect(await page.locator('[data-problem] code').innerText()).toMatch(/\.bin: SHA-256 is/);
    expect(await page.getByRole('button', { name: 'Reload the page' }).isVisible()).toBe(true);
    expect(errors).toEqual([]);
  });

  test('the server is away: says to check the connection', async () => {
    const { page } = await open(
      '?sample&backend=wasm',
      onWeights((route) => route.abort()),
    );
    expect(await problemOf(page)).toBe('download-failed');
  });
});

describe('a graphics card that cannot be had', () => {
  test('WebGL by name: says so, and whatever works is a way on', async () => {
    const { page, stage, waitForState } = await open('?sample&backend=webgl');
    expect(await problemOf(page)).toBe('no-backend');
    await page.getByRole('button', { name: 'Choose automatically' }).click();
    await waitForState('running');
    expect(await stage.getAttribute('data-backend')).toBe('wasm');
  });

  test('left to itself: runs on the processor, and says that this is slower', async () => {
    const { page, stage, waitForState } = await open('?sample');
    await waitForState('running');
    expect(await stage.getAttribute('data-backend')).toBe('wasm');
    const note = page.getByText('Mien runs on the processor');
    await note.waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await note.count()).toBe(0);
  });
});

describe('waiting', () => {
  test('shows the bytes of the download, then goes on', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { page, waitForState } = await open(
      '?sample&backend=wasm',
      onWeights(async (route) => {
        await held;
        await route.continue();
      }),
    );
    const words = page.locator('[data-part=stage]').getByRole('status');
    await expect.poll(() => words.innerText()).toMatch(/^Fetching .+: \d+\.\d MB of \d+\.\d MB$/);
    release();
    await waitForState('running');
  });
});
