/** Engines that come and go: after 200 of them a page holds what it held after the first few. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

const TIMES = 200;
/** Before the first measurement: by then code is compiled and caches are full. */
const FIRST_TIMES = 20;
/** What the heap may grow by over all of them, bytes: an engine's networks alone are 2.4 MB. */
const HEAP_TOLERANCE_BYTES = 2_000_000;
const MINUTES_10 = 600_000;

let site: EngineSite;
beforeAll(async () => {
  const sample = join(root, 'static', 'samples', 'astronaut.png');
  site = await openEngineSite({ 'astronaut.png': sample }, { args: ['--js-flags=--expose-gc'] });
});
afterAll(() => site?.close());

/** What the page holds once its garbage is collected. */
async function holdings() {
  const cdp = await site.page.context().newCDPSession(site.page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  // Of this version of the protocol, whose types lack the last.
  const { usedSize, backingStorageSize } = (await cdp.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize: number;
  };
  await cdp.detach();
  return {
    listeners: metrics.find(({ name }) => name === 'JSEventListeners')!.value,
    workers: site.page.workers().length,
    tensors: await site.page.evaluate(() => window.engineLibrary.pageTensors()),
    heapBytes: usedSize + backingStorageSize,
  };
}

/** Creates engines on the thread and disposes them; the first and the last look for a face. */
async function comeAndGo(thread: 'worker' | 'page', times: number): Promise<void> {
  await site.page.evaluate(
    async ([thread, times]) => {
      const { fetchPicture, withEngine } = window.engineLibrary;
      const picture = await fetchPicture('astronaut.png');
      for (let i = 0; i < times; i++) {
        await withEngine({ backend: 'wasm', thread }, async (engine) => {
          if (i > 0 && i < times - 1) return;
          const { faces } = await engine.detect(picture, { thorough: false });
          if (faces.length !== 1) throw new Error(`engine ${i}: finds ${faces.length} faces`);
        });
      }
    },
    [thread, times] as const,
  );
}

it.each(['worker', 'page'] as const)(
  `${TIMES} engines leave no tensor, worker, listener or memory behind, on the thread: %s`,
  async (thread) => {
    await comeAndGo(thread, FIRST_TIMES);
    const first = await holdings();
    await comeAndGo(thread, TIMES - FIRST_TIMES);
    // A worker that was ended is gone a moment later.
    await expect.poll(() => site.page.workers().length).toBe(0);
    const last = await holdings();
    expect(last).toMatchObject({ tensors: 0, workers: 0, listeners: first.listeners });
    expect(last.heapBytes - first.heapBytes).toBeLessThan(HEAP_TOLERANCE_BYTES);
  },
  MINUTES_10,
);
