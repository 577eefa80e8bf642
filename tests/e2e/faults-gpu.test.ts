/** The live view on a graphics card whose context is taken away: it goes on by itself, without a reload. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { followsFace, useApp } from './app';
import { BREAK_CHANNEL, installFragileGpu } from './engine-page/fragile-gpu';
import { runInWorker } from './in-worker';

/** A face is followed again within 3 s; on a software GL that was asked for by name, within so many times its first start more. */
const RESUMED_MS = 3000;
/** On a slow machine within this share of the first start on its GPU, which is what preparing that again would take. */
const RESUMED_SHARE = 0.2;
const RESUMED_STARTS = 2;
/** Long enough for a software GL to compile and run the networks. */
const SOFTWARE_GL_MS = 300_000;

/** Runs in the engine's worker before anything else there. */
function rememberContexts(): void {
  const { linkProgram } = WebGL2RenderingContext.prototype;
  const contexts = new Set<WebGL2RenderingContext>();
  // A context with a program is one that computes, and not one that was only asked what it can do.
  WebGL2RenderingContext.prototype.linkProgram = function (program) {
    contexts.add(this);
    linkProgram.call(this, program);
  };
  Object.assign(self, { contexts });
}

const open = useApp({ gl: 'software' });

/** Takes the context that computes away, as soon as there is one. */
const loseContext = (page: Page) =>
  page.workers()[0].evaluate(async () => {
    const { contexts } = self as unknown as { contexts: Set<WebGL2RenderingContext> };
    const findAlive = () => [...contexts].find((context) => !context.isContextLost());
    while (!findAlive()) await new Promise((resolve) => setTimeout(resolve, 5));
    findAlive()!.getExtension('WEBGL_lose_context')!.loseContext();
  });

test(
  'the context is lost, and the next one too: the face is followed again on a third, in the same page',
  async () => {
    const startMs = performance.now();
    const app = await open({
      path: '?sample&backend=webgl&thread=worker&model=nose-b',
      prepare: (page) => runInWorker(page, `(${rememberContexts})()`),
    });
    const { page, stage, errors, waitForResults } = app;
    page.setDefaultTimeout(SOFTWARE_GL_MS);
    await followsFace(page);
    const firstMs = performance.now() - startMs;
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));

    const lostMs = performance.now();
    await loseContext(page);
    await loseContext(page);
    await waitForResults(1);
    await followsFace(page);
    const resumedMs = performance.now() - lostMs;
    console.info(
      `started in ${(firstMs / 1000).toFixed(1)} s, resumed in ${(resumedMs / 1000).toFixed(1)} s`,
    );
    expect(resumedMs).toBeLessThan(RESUMED_MS + RESUMED_STARTS * firstMs);
    expect(await stage.getAttribute('data-backend')).toBe('webgl');
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    expect(errors).toEqual([]);
  },
  SOFTWARE_GL_MS,
);

/** Longer than the engine is patient with a GPU, and than one face takes. */
const TICK_MS = 1500;

test(
  'a graphics card that takes long to prepare loses every context: the processor follows the face at once, in the same page',
  async () => {
    const install = `(${installFragileGpu})('${BREAK_CHANNEL}', ${TICK_MS})`;
    const { page, stage, errors, waitForResults } = await open({
      path: '?sample&thread=worker&model=nose-b',
      prepare: (page) => runInWorker(page, install),
    });
    page.setDefaultTimeout(SOFTWARE_GL_MS);
    const openedMs = performance.now();
    await followsFace(page);
    const startedMs = performance.now() - openedMs;
    expect(await stage.getAttribute('data-backend')).toBe('webgl');
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));

    const lostMs = performance.now();
    await page.evaluate((channel) => new BroadcastChannel(channel).postMessage(null), BREAK_CHANNEL);
    await page.locator('[data-part=stage][data-backend=wasm]').waitFor();
    await waitForResults(1);
    await followsFace(page);
    const resumedMs = performance.now() - lostMs;
    console.info(
      `started in ${(startedMs / 1000).toFixed(1)} s, resumed in ${(resumedMs / 1000).toFixed(1)} s`,
    );
    expect(resumedMs).toBeLessThan(Math.max(RESUMED_MS, RESUMED_SHARE * startedMs));
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    expect(errors).toEqual([]);
  },
  SOFTWARE_GL_MS,
);
