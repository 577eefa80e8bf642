/** Opens the built app in a page of its own, and says what a person would see. */
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser, serveApp, type BrowserOptions } from './browser';

/** Long enough for a busy machine with two cores to fetch, start and warm up the engine. */
export const readyMs = 90_000;

export interface App {
  readonly page: Page;
  readonly stage: Locator;
  /** Everything that went wrong without being caught. */
  readonly errors: string[];
  waitForState(state: string): Promise<void>;
  /** Waits until the live loop has given so many more results. */
  waitForResults(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface AppOptions {
  /** Query and hash, as `?sample&backend=wasm`. */
  readonly path?: string;
  readonly context?: BrowserContextOptions;
  /** Called before the app is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export async function openApp(browser: Browser, url: string, options: AppOptions = {}): Promise<App> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // Tests that answer requests themselves would not see those of a service worker.
    serviceWorkers: 'block',
    ...options.context,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(readyMs);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await options.prepare?.(page);
  await page.goto(url + (options.path ?? ''));
  const stage = page.locator('[data-part=stage]');
  const resultCount = async () => Number(await stage.getAttribute('data-results'));
  return {
    page,
    stage,
    errors,
    waitForState: async (state) => {
      await page.locator(`[data-part=stage][data-state=${state}]`).waitFor();
    },
    waitForResults: async (count) => {
      const goal = (await resultCount()) + count;
      await expect.poll(resultCount, { timeout: readyMs, interval: 200 }).toBeGreaterThanOrEqual(goal);
    },
    close: () => context.close(),
  };
}

/** Waits until one face is followed live. */
export const followsFace = (page: Page): Promise<void> =>
  page.locator('[data-part=stage][data-state=running][data-faces="1"]').waitFor();

/** Id of the problem that the page shows. */
export async function problemOf(page: Page): Promise<string | null> {
  return page.locator('[data-problem]').getAttribute('data-problem');
}

/**
 * One browser and one server for the tests of a file, which calls this once.
 * @param startServer of a host that is not like `npm start`
 * @returns opens the app; it is closed after the test.
 */
export function useApp(
  { gl = 'none' }: Pick<BrowserOptions, 'gl'> = {},
  startServer: typeof serveApp = serveApp,
): (options?: AppOptions) => Promise<App> {
  let site: Awaited<ReturnType<typeof serveApp>>;
  let browser: Browser;
  let app: App | undefined;
  beforeAll(async () => {
    site = await startServer();
    browser = await launchBrowser({ gl });
  });
  afterEach(() => app?.close());
  afterAll(async () => {
    await browser.close();
    await site.close();
  });
  return async (options) => (app = await openApp(browser, site.url, options));
}
