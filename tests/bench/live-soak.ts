/** Runs the live page for minutes with the project's own clip as its camera, and samples it periodically. */
import type { Browser, Page } from 'playwright-core';
import { makeClip } from '../fixtures/clip';
import { CLIP, frameTimeMs } from '../fixtures/motion';
import { launchBrowser, serveApp } from '../e2e/browser';
import { startLive, type LiveOptions } from '../e2e/live-page';
import { probeStalls } from '../e2e/stalls';
import type { Sample } from './flatness';
import { quantile } from './quantile';
import { glOf } from './site';

declare global {
  interface Window {
    /** Results since the last sample. */
    soaked: { readonly ms: number; readonly faces: number }[];
  }
  interface Performance {
    /** https://wicg.github.io/performance-measure-memory; only where the page is cross-origin isolated. */
    measureUserAgentSpecificMemory(): Promise<{ readonly bytes: number }>;
  }
}

/** One loop of the clip, so that every sample covers the same: a face, the cut to none, and back. */
const SAMPLE_MS = frameTimeMs(CLIP.faceFrames + CLIP.emptyFrames);
/** Measures the page's memory at once, after a garbage collection. */
const eagerMemoryFlag = '--enable-blink-features=ForceEagerMeasureMemory';

export interface SoakOptions extends LiveOptions {
  readonly minutes: number;
  readonly onSample?: (sample: Sample) => void;
}

export interface Soaked {
  readonly samples: readonly Sample[];
  /** Uncaught errors, unhandled rejections and logged errors of the page and its workers. */
  readonly faults: readonly string[];
}

/** @throws when the page does not start or stops returning results. */
export async function soak({ minutes, onSample = () => {}, ...options }: SoakOptions): Promise<Soaked> {
  const app = await serveApp();
  let browser: Browser | null = null;
  try {
    const camera = await makeClip();
    browser = await launchBrowser({ camera, gl: glOf(options.backend), args: [eagerMemoryFlag] });
    const page = await browser.newPage();
    const faults = watchFaults(page);
    await startLive(page, app.url, options);
    const sample = await startSampling(page);
    // Discarded: caches are still filling.
    await sample();
    const samples: Sample[] = [];
    const endMs = performance.now() + minutes * 60_000;
    while (performance.now() < endMs) {
      samples.push(await sample());
      onSample(samples[samples.length - 1]);
    }
    return { samples, faults };
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

/** @returns a function that takes one sample. */
async function startSampling(page: Page): Promise<() => Promise<Sample>> {
  const devtools = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    window.soaked = [];
    // Replaces the debug page's list of results, which would grow.
    window.mien.session.results.onResult = ({ timeMs, faces }) =>
      window.soaked.push({ ms: performance.now() - timeMs, faces: faces.length });
  });
  const takeFrames = () => page.evaluate(() => window.soaked.splice(0));
  return async () => {
    // Discards frames delayed by the last memory measurement.
    await takeFrames();
    const stalls = await probeStalls(SAMPLE_MS);
    const frames = await takeFrames();
    if (frames.length === 0) {
      const state = JSON.stringify(await page.evaluate(() => window.mien.state));
      throw new Error(`soak: no result within ${SAMPLE_MS} ms; the page is ${state}`);
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
