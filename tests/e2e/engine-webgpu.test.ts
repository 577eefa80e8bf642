/** The engine on WebGPU, done in software by SwiftShader; skipped where this Chromium gives no adapter. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineOptions } from '../../src/engine';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** WebGPU and wasm differ by rounding and by how their canvases blend pixels; share of the face's size. */
const BACKEND_TOLERANCE = 0.005;
/** Of the presence, 0..1. */
const SCORE_TOLERANCE = 0.01;
const NO_ADAPTER = 'this Chromium has no WebGPU adapter, not even a software one';
/** Compilation in software on a busy machine. */
const SOFTWARE_GPU_MS = 300_000;

let site: EngineSite;
let hasAdapter = false;
beforeAll(async () => {
  site = await openEngineSite(PICTURES, { args: SOFTWARE_WEBGPU });
  hasAdapter = await site.page.evaluate(async () => {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
    return Boolean(await gpu?.requestAdapter());
  });
});
afterAll(() => site?.close());

/** Detects the portrait, and counts the tensors before, after and when all is over. */
function findPortrait(options: Pick<EngineOptions, 'backend'>) {
  return site.page.evaluate(async (options) => {
    const { createEngine, fetchPicture, pageTensors } = window.engineLibrary;
    const start = pageTensors();
    const engine = await createEngine(options);
    const before = (await engine.memory()).tensors;
    const { faces } = await engine.detect(await fetchPicture('astronaut.png'));
    const grown = (await engine.memory()).tensors - before;
    await engine.dispose();
    return {
      backend: engine.info.backend,
      thread: engine.info.thread,
      points: Array.from(faces[0]?.points ?? []),
      score: faces[0]?.score ?? -1,
      grown,
      left: [(await engine.memory()).tensors, pageTensors() - start],
    };
  }, options);
}

it(
  'WebGPU in a worker finds the face that wasm finds, and ends with no tensor',
  async ({ skip }) => {
    skip(!hasAdapter, NO_ADAPTER);
    const wanted = await findPortrait({ backend: 'wasm' });
    const found = await findPortrait({ backend: 'webgpu' });
    expect(found).toMatchObject({ backend: 'webgpu', thread: 'worker', grown: 0, left: [0, 0] });
    expect(Math.abs(found.score - wanted.score)).toBeLessThan(SCORE_TOLERANCE);
    expect(wanted.points).toHaveLength(136);
    expect(found.points).toHaveLength(136);
    const xs = wanted.points.filter((_, i) => i % 2 === 0);
    const sizePx = Math.max(...xs) - Math.min(...xs);
    const worstPx = Math.max(...wanted.points.map((value, i) => Math.abs(value - found.points[i])));
    expect(worstPx).toBeLessThan(BACKEND_TOLERANCE * sizePx);
  },
  SOFTWARE_GPU_MS,
);

it(
  'a WebGPU device lost during a read-back is rebuilt on the page: the frame it struck still gets its answer, and nothing leaks',
  async ({ skip }) => {
    skip(!hasAdapter, NO_ADAPTER);
    const run = await site.page.evaluate(() => {
      const { withEngine, drawFrame, tf } = window.engineLibrary;
      return withEngine({ backend: 'webgpu', thread: 'page' }, async (engine) => {
        const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        const first = await engine.track(await portrait(), 0);
        const before = (await engine.memory()).tensors;
        const lost = tf.backend();
        const { device } = lost as unknown as { device: { destroy(): void } };
        const { read } = lost;
        lost.read = (dataId) => {
          const values = read.call(lost, dataId);
          device.destroy();
          return values;
        };
        const second = await engine.track(await portrait(), 40);
        return {
          backend: engine.info.backend,
          ids: [first, second].map((result) => result?.faces.map((face) => face.id)),
          fresh: tf.backend() !== lost,
          tensors: (await engine.memory()).tensors - before,
        };
      });
    });
    expect(run).toEqual({ backend: 'webgpu', ids: [[1], [1]], fresh: true, tensors: 0 });
    expect(await site.page.evaluate(() => window.engineLibrary.pageTensors())).toBe(0);
  },
  SOFTWARE_GPU_MS,
);
