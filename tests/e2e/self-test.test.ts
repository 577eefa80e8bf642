/** GPUs that compute wrong numbers, or fall silent: noticed, and the next backend takes over and says why. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HUNG_GPU_MS } from '../../src/engine/backend/select';
import { root } from './browser';
import { installEndlessShaders, installSilentFences, installWrongNumbers } from './engine-page/faulty-gpu';
import { BREAK_CHANNEL, installFragileGpu } from './engine-page/fragile-gpu';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;
/** The next backend is there this much later than the GPU counts as hung, ms: a software GL starts slowly. */
const MOVED_MS = 60_000;
/** In the landmark network alone, whose answers are short; in the detector alone. */
const WRONG_POINTS = { factor: 1.2, which: [0, 1000] } as const;
const WRONG_BOXES = { factor: 1.2, which: [1001, 1e6] } as const;

let site: EngineSite;
beforeEach(async () => {
  site = await openEngineSite(PICTURES);
  await site.page.evaluate(installFragileGpu, BREAK_CHANNEL);
});
afterEach(() => site?.close());

/** Where the engine runs with a model, and why; from the registry, or as one of a person's own without points to hold to. */
const start = (model: string, isOwn = false, cache?: string) =>
  site.page.evaluate(
    async ({ model, isOwn, cache }) => {
      const { createEngine } = window.engineLibrary;
      let source: string | { files: Map<string, Blob>; path: string } = model;
      if (isOwn) {
        const read = async (name: string) => (await fetch(`models/${model}/${name}`)).blob();
        const json = JSON.parse(await (await read('model.json')).text());
        delete json.userDefinedMetadata.mien.selfTest;
        const shards = json.weightsManifest[0].paths as string[];
        const files = new Map([['model.json', new Blob([JSON.stringify(json)])]]);
        for (const shard of shards) files.set(shard, await read(shard));
        source = { files, path: 'model.json' };
      }
      const engine = await createEngine({
        model: source,
        thread: 'page',
        cache,
      });
      const { backend, backendReason } = engine.info;
      await engine.dispose();
      return { backend, backendReason, tensors: window.engineLibrary.pageTensors() };
    },
    { model, isOwn, cache },
  );

describe('a driver that computes right', () => {
  it.each(['lite', 'nose-b'])(
    'keeps the GPU with %s',
    async (model) => {
      expect(await start(model)).toMatchObject({ backend: 'webgl', tensors: 0 });
    },
    SOFTWARE_GL_MS,
  );

  it(
    'keeps the GPU with a model of one’s own',
    async () => {
      expect(await start('nose-b', true)).toMatchObject({ backend: 'webgl', tensors: 0 });
    },
    SOFTWARE_GL_MS,
  );
});

describe('a driver that computes wrong numbers', () => {
  beforeEach(() => site.page.evaluate(installWrongNumbers, WRONG_POINTS));

  it.each([
    ['a shipped model', false],
    ['a model of one’s own', true],
  ])(
    'with %s: wasm takes over and says why',
    async (_, isOwn) => {
      const found = await start('nose-b', isOwn);
      expect(found).toMatchObject({ backend: 'wasm', tensors: 0 });
      expect(found.backendReason).toMatch(/because WebGL gives wrong results \(.*off by .* % of the crop/);
    },
    SOFTWARE_GL_MS,
  );

  it(
    'asked for by name: an error says so',
    async () => {
      const failure = await site.page.evaluate(() =>
        window.engineLibrary.failureOf(() =>
          window.engineLibrary.createEngine({ model: 'nose-b', backend: 'webgl', thread: 'page' }),
        ),
      );
      expect(failure).toMatchObject({ code: 'wrong-results' });
    },
    SOFTWARE_GL_MS,
  );
});

it(
  'a driver that computes wrong numbers for the detector alone: wasm takes over and says why',
  async () => {
    await site.page.evaluate(installWrongNumbers, WRONG_BOXES);
    const found = await start('nose-b');
    expect(found).toMatchObject({ backend: 'wasm', tensors: 0 });
    expect(found.backendReason).toMatch(
      /because WebGL gives wrong results \(.*its face detector is off by .* % of the picture/,
    );
  },
  SOFTWARE_GL_MS,
);

it(
  'for a model of one’s own, wasm is asked once for each driver, and the answer is remembered',
  async () => {
    const kept = () =>
      site.page.evaluate(async () => (await (await caches.open('test-self-tests')).keys()).length);
    await start('nose-b', true, 'test');
    expect(await kept()).toBe(1);
    // Were wasm asked again, the wrong numbers would be noticed.
    await site.page.evaluate(installWrongNumbers, WRONG_POINTS);
    expect(await start('nose-b', true, 'test')).toMatchObject({ backend: 'webgl' });
    expect(await kept()).toBe(1);
  },
  SOFTWARE_GL_MS,
);

describe('a GPU that falls silent', () => {
  it(
    'from the start: a fence that never signals',
    async () => {
      await site.page.evaluate(installSilentFences, true);
      const startMs = performance.now();
      const found = await start('nose-b');
      expect(performance.now() - startMs).toBeLessThan(HUNG_GPU_MS + MOVED_MS);
      expect(found.backend).toBe('wasm');
      expect(found.backendReason).toMatch(
        /WebGL stopped responding .*did not hand out its results within 10 s/,
      );
    },
    SOFTWARE_GL_MS,
  );

  it(
    'from the start: a shader that never compiles',
    async () => {
      await site.page.evaluate(installEndlessShaders);
      const found = await start('nose-b');
      expect(found.backend).toBe('wasm');
      expect(found.backendReason).toMatch(
        /WebGL stopped responding .*did not compile its shaders within 10 s/,
      );
    },
    SOFTWARE_GL_MS,
  );

  it(
    'while a face is followed: the frame gets its answer from wasm, and the face keeps its number',
    async () => {
      await site.page.evaluate(installSilentFences, false);
      const run = await site.page.evaluate(() => {
        const { withEngine, drawFrame } = window.engineLibrary;
        return withEngine({ thread: 'page', smoothing: 0 }, async (engine) => {
          const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
          const results = [await engine.track(await portrait(), 0)];
          const first = engine.info.backend;
          Object.assign(globalThis, { silence: true });
          results.push(await engine.track(await portrait(), 40));
          const { backend, backendReason } = engine.info;
          return { first, backend, backendReason, ids: results.map((one) => one?.faces.map(({ id }) => id)) };
        });
      });
      expect(run).toMatchObject({ first: 'webgl', backend: 'wasm', ids: [[1], [1]] });
      expect(run.backendReason).toMatch(/WebGL did not hand out its results within 10 s/);
    },
    SOFTWARE_GL_MS,
  );
});
