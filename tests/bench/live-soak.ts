/** The live page on the project's own clip as its camera, for minutes, looked at again and again. */
import type { Browser, Page } from 'playwright-core';
import { makeClip } from '../fixtures/clip';
import { CLIP, frameTimeMs } from '../fixtures/motion';
import { launchBrowser, serveApp } from '../e2e/browser';
import { startLive, type LiveOptions } from '../e2e/live-page';
import { probeStalls } from '../e2e/stalls';
import type { Look } from './flatness';
import { quantile } from './quantile';
import { glOf } from './site';

declare global {
  interface Window {
    /** Frames since the last look. */
    soaked: { readonly ms: number; readonly faces: number }[];
  }
  interface Performance {
    /** https://wicg.github.io/performance-measure-memory; only where the page is cross-origin isolated. */
    measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
  }
}

/** One turn of the clip, so that every look sees the same: a face, the cut to none, and back. */
const LOOK_MS = frameTimeMs(CLIP.faceFrames + CLIP.emptyFrames);
/** With this the page's memory is measured at once, after a collection. */
const eagerMemoryFlag = '--enable-blink-features=ForceEagerMeasureMemory';

export interface SoakOptions extends LiveOptions {
  readonly minutes: number;
  readonly onLook?: (look: Look) => void;
}

export interface Soaked {
  readonly looks: readonly Look[];
  /** Uncaught errors and unhandled rejections of the page and its workers, and what they log as errors. */
  readonly faults: readonly string[];
}

/** @throws where the page does not start, or stops answering frames. */
export async function soak({ minutes, onLook = () => {}, ...options }: SoakOptions): Promise<Soaked> {
  const app = await serveApp();
  let browser: Browser | null = null;
  try {
    const camera = await makeClip();
    browser = await launchBrowser({ camera, gl: glOf(options.backend), args: [eagerMemoryFlag] });
    const page = await browser.newPage();
    const faults = watchFaults(page);
    await startLive(page, app.url, options);
    const look = await startLooking(page);
    // The first one sees caches filling.
    await look();
    const looks: Look[] = [];
    const endMs = performance.now() + minutes * 60_000;
    while (performance.now() < endMs) {
      looks.push(await look());
      onLook(looks[looks.length - 1]);
    }
    return { looks, faults };
  } finally {
    await browser?.close();
    await app.close();
  }
}

function watchFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('crash', () => faults.push('the page crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return faults;
}

/** @returns watches the page for the length of a look. */
async function startLooking(page: Page): Promise<() => Promise<Look>> {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    window.soaked = [];
    // In place of the debug page's own list of results, which would grow.
    window.mien.session.onResult = ({ timeMs, faces }) =>
      window.soaked.push({ ms: performance.now() - timeMs, faces: faces.length });
  });
  const takeFrames = () => page.evaluate(() => window.soaked.splice(0));
  return async () => {
    // Those that the last look at the memory held up.
    await takeFrames();
    const stalls = await probeStalls(LOOK_MS);
    const frames = await takeFrames();
    if (frames.length === 0) {
      const state = JSON.stringify(await page.evaluate(() => window.mien.state));
      throw new Error(`soak: no frame was answered in ${LOOK_MS} ms; the page is ${state}`);
    }
    await devtools.send('HeapProfiler.collectGarbage');
    const { nodes } = await devtools.send('Memory.getDOMCounters');
    const [memory, heapBytes] = await page.evaluate(
      async () =>
        [
          await window.mien.session.memory(),
          (await performance.measureUserAgentSpecificMemory()).bytes,
        ] as const,
    );
    if (!memory) throw new Error('soak: the engine is gone');
    return {
      frames: frames.length,
      withFace: frames.filter(({ faces }) => faces > 0).length,
      p95Ms: quantile(
        frames.map(({ ms }) => ms),
        0.95,
      ),
      stallMs: quantile(stalls, 0.5),
      heapBytes,
      nodes,
      ...memory,
    };
  };
}
