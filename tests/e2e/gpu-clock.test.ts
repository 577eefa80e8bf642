/** Times by the GPU's own clock: there where the browser lets the GPU tell, and absent elsewhere. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite({ 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') });
});
afterAll(() => site?.close());

/** Timings of frames with a followed face, and whether this browser's WebGL has timer queries. */
const follow = (backend: 'webgl' | 'wasm') =>
  site.page.evaluate(async (backend) => {
    const { withEngine, drawFrame } = window.engineLibrary;
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    const canTell = gl?.getSupportedExtensions()?.includes('EXT_disjoint_timer_query_webgl2') ?? false;
    const timings = await withEngine({ backend }, async (engine) => {
      const all = [];
      for (let i = 0; i < 4; i++) {
        const frame = await drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        all.push((await engine.track(frame, 33 * i))?.timings);
      }
      return all;
    });
    return { canTell, timings };
  }, backend);

it(
  'on WebGL: with the extension what the GPU worked for, which is no longer than the frame took; nothing without it',
  async () => {
    const { canTell, timings } = await follow('webgl');
    const told = timings.flatMap((frame) => (frame?.gpu ? [{ ...frame.gpu, totalMs: frame.totalMs }] : []));
    console.info(JSON.stringify(told));
    if (!canTell) expect(told).toEqual([]);
    else expect(told.length).toBeGreaterThan(0);
    for (const { cropMs, networkMs, totalMs } of told) {
      expect(cropMs).toBeGreaterThanOrEqual(0);
      expect(networkMs).toBeGreaterThanOrEqual(0);
      expect(cropMs + networkMs).toBeLessThanOrEqual(totalMs);
    }
  },
  SOFTWARE_GL_MS,
);

it('on WebAssembly there is none', async () => {
  const { timings } = await follow('wasm');
  for (const frame of timings) expect(frame).not.toHaveProperty('gpu');
});
