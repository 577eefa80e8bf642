/** WebAssembly on threads: where the page is isolated and the cores are there, without a word in the way of the policy. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { followsFace, useApp } from './app';
import { dist, root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';
import { tellCores } from './in-worker';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** Threads add in another order: px of a picture of 512. */
const POINT_TOLERANCE_PX = 0.05;

describe('the engine', () => {
  let site: EngineSite;
  afterEach(() => site.close());

  async function look(thread: 'worker' | 'page', cores: number) {
    await tellCores(site.page, cores);
    await site.reload();
    return site.page.evaluate(async (thread) => {
      const { fetchPicture, pageTensors, withEngine } = window.engineLibrary;
      const picture = await fetchPicture('astronaut.png');
      const seen = await withEngine({ backend: 'wasm', thread }, async (engine) => ({
        points: Array.from((await engine.detect(picture)).faces[0].points),
        reason: engine.info.backendReason,
      }));
      return { ...seen, left: pageTensors() };
    }, thread);
  }

  it.each(['worker', 'page'] as const)(
    'sees with half of the cores what it sees with one, on the thread: %s',
    async (thread) => {
      site = await openEngineSite(PICTURES);
      const alone = await look(thread, 2);
      expect(alone.reason).toBe('WebAssembly was asked for.');
      const shared = await look(thread, 6);
      expect(shared.reason).toBe('WebAssembly was asked for on 3 threads.');
      const apart = shared.points.map((value, i) => Math.abs(value - alone.points[i]));
      expect(Math.max(...apart)).toBeLessThan(POINT_TOLERANCE_PX);
      expect([alone.left, shared.left]).toEqual([0, 0]);
    },
  );

  it('goes on with one thread where their script is missing', async () => {
    site = await openEngineSite(PICTURES);
    await site.page.route('**/assets/wasm-thread-*.js', (route) => route.fulfill({ status: 404 }));
    const { reason, points } = await look('worker', 8);
    expect(reason).toBe('WebAssembly was asked for.');
    expect(points).toHaveLength(136);
  });
});

describe('the app', () => {
  const open = useApp();

  it('runs on them under its own policy', async () => {
    const { page, errors } = await open({
      path: '?sample&backend=wasm',
      prepare: (page) => tellCores(page, 8),
    });
    await followsFace(page);
    await page.getByText('WebAssembly was asked for on 4 threads.').waitFor({ state: 'attached' });
    expect(errors).toEqual([]);
  });
});

describe('the app on a host that sends no headers', () => {
  const open = useApp({}, () => serve({ folder: dist, headersOf: () => ({}) }));

  it('runs on one thread', async () => {
    const { page } = await open({ path: '?sample&backend=wasm', prepare: (page) => tellCores(page, 8) });
    await followsFace(page);
    await page.getByText('WebAssembly was asked for.').waitFor({ state: 'attached' });
  });
});
