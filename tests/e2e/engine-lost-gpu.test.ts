/** A GPU that is lost in the middle of a video and does not come back. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './browser';
import { BREAK_CHANNEL, installFragileGpu } from './engine-page/fragile-gpu';
import { openEngineSite, type EngineSite } from './engine-page/site';
import { runInWorker } from './in-worker';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** The backends differ by rounding, and the second frame's crop comes from the first's points: px of a frame 640 wide. */
const POINT_TOLERANCE_PX = 2;
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

let site: EngineSite;
beforeEach(async () => {
  site = await openEngineSite(PICTURES);
});
afterEach(() => site?.close());

it(
  'in a worker, with `auto`: wasm takes over within the frame, the face keeps its number, and the info says so',
  async () => {
    await runInWorker(site.page, `(${installFragileGpu})('${BREAK_CHANNEL}')`);
    const run = await site.page.evaluate((channel) => {
      const { withEngine, drawFrame } = window.engineLibrary;
      return withEngine({ thread: 'worker', smoothing: 0 }, async (engine) => {
        const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        const results = [await engine.track(await portrait(), 0)];
        const before = engine.info;
        new BroadcastChannel(channel).postMessage(null);
        for (const timeMs of [40, 80]) results.push(await engine.track(await portrait(), timeMs));
        const after = engine.info;
        return {
          ids: results.map((result) => result?.faces.map((face) => face.id)),
          noseX: results.map((result) => result?.faces[0]?.points[60] ?? Number.NaN),
          backends: [before.backend, after.backend],
          reasons: [before.backendReason, after.backendReason],
          thread: after.thread,
          stable: engine.info === after && before !== after,
          tensors: (await engine.memory()).tensors,
        };
      });
    }, BREAK_CHANNEL);
    const plain = await site.page.evaluate(() =>
      window.engineLibrary.withEngine({ backend: 'wasm' }, (engine) => engine.memory()),
    );
    expect(run.backends).toEqual(['webgl', 'wasm']);
    expect(run.ids).toEqual([[1], [1], [1]]);
    expect(Math.max(...run.noseX) - Math.min(...run.noseX)).toBeLessThan(POINT_TOLERANCE_PX);
    expect(run.reasons[0]).toMatch(/^WebGL works here and comes first, on Fragile GPU/);
    expect(run.reasons[1]).toMatch(
      /^WebGL lost its context\. WebAssembly runs because WebGL could not run the networks .*WebGPU/,
    );
    expect(run).toMatchObject({ thread: 'worker', stable: true, tensors: plain.tensors });
  },
  SOFTWARE_GL_MS,
);

it(
  'on the page, with WebGL asked for by name: the frame fails with `context-lost`, and nothing leaks',
  async () => {
    await site.page.evaluate(installFragileGpu, BREAK_CHANNEL);
    const run = await site.page.evaluate(async (channel) => {
      const { withEngine, drawFrame, failureOf } = window.engineLibrary;
      return withEngine({ backend: 'webgl', thread: 'page' }, async (engine) => {
        const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        const frame = await portrait();
        new BroadcastChannel(channel).postMessage(null);
        const failure = await failureOf(() => engine.track(frame, 40));
        return { failure, backend: engine.info.backend, closed: frame.width };
      });
    }, BREAK_CHANNEL);
    expect(run).toMatchObject({
      backend: 'webgl',
      closed: 0,
      failure: { code: 'context-lost', message: 'backend webgl: lost its context and did not come back' },
    });
    expect(await site.page.evaluate(() => window.engineLibrary.pageTensors())).toBe(0);
  },
  SOFTWARE_GL_MS,
);
