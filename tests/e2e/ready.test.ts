/** Once an engine is ready, it compiles nothing more: a first shader would hold up the frame that needs it. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

/** The portrait, as often as it has places, in a frame of 640×480 unless it says otherwise. */
interface Frame {
  readonly size?: readonly [number, number];
  readonly at: readonly (readonly [x: number, y: number, sizePx: number])[];
}

const ONE: Frame = { at: [[60, 0, 440]] };
const TWO: Frame = {
  at: [
    [-80, 60, 400],
    [300, 60, 400],
  ],
};
const SMALL: Frame = { at: [[300, 200, 220]] };
const NONE: Frame = { at: [] };
const times = (frame: Frame, count: number): Frame[] => Array.from({ length: count }, () => frame);

/** One face and two, both lost, found again far away and in a frame of another shape. */
const FILM: readonly (readonly [faces: number, frames: readonly Frame[]])[] = [
  [1, times(ONE, 2)],
  [2, times(TWO, 4)],
  [0, times(NONE, 4)],
  [1, times(SMALL, 4)],
  [2, times(TWO, 4)],
  [1, times({ ...ONE, size: [480, 640] }, 4)],
];
/** Slow, so that the detector searches for newcomers, from closer too, within a few frames. */
const FRAME_MS = 400;

let site: EngineSite;
beforeEach(async () => {
  site = await openEngineSite(PICTURES);
  await site.page.evaluate(installCounters);
});
afterEach(() => site?.close());

/** Counts what is compiled on the page's thread, in `window.compiled`. Runs in the browser, and so uses nothing from outside itself. */
function installCounters(): void {
  const compiled = { programs: 0, modules: 0 };
  Object.assign(globalThis, { compiled });
  const gl = WebGL2RenderingContext.prototype;
  const { linkProgram } = gl;
  gl.linkProgram = function (program) {
    compiled.programs++;
    linkProgram.call(this, program);
  };
  WebAssembly.Module = new Proxy(WebAssembly.Module, {
    construct(target, args: [BufferSource]) {
      compiled.modules++;
      return new target(...args);
    },
  });
  for (const name of ['compile', 'compileStreaming', 'instantiate', 'instantiateStreaming'] as const) {
    const original = WebAssembly[name] as (...args: unknown[]) => unknown;
    Object.assign(WebAssembly, {
      [name]: (...args: unknown[]) => {
        // An instance of a module that is there already compiles nothing.
        if (!(args[0] instanceof WebAssembly.Module)) compiled.modules++;
        return original.apply(WebAssembly, args);
      },
    });
  }
}

/** Follows the film with up to two faces. @returns what had been compiled when the engine was ready, and after each scene. */
const follow = (backend: 'webgl' | 'wasm') =>
  site.page.evaluate(
    ({ backend, film, frameMs }) => {
      const { withEngine, drawFrame } = window.engineLibrary;
      const { compiled } = globalThis as unknown as { compiled: { programs: number; modules: number } };
      return withEngine({ backend, thread: 'page', maxFaces: 2 }, async (engine) => {
        const ready = { ...compiled };
        const scenes = [];
        let timeMs = 0;
        for (const [, frames] of film) {
          let faces = -1;
          for (const { at, size } of frames) {
            const pictures = at.map(([x, y, sizePx]) => ({ name: 'astronaut.png', x, y, sizePx }));
            const result = await engine.track(await drawFrame(pictures, size), (timeMs += frameMs));
            faces = result?.faces.length ?? -1;
          }
          scenes.push({ faces, ...compiled });
        }
        return { ready, scenes };
      });
    },
    { backend, film: FILM, frameMs: FRAME_MS },
  );

it(
  'on WebGL: no shader program',
  async () => {
    const { ready, scenes } = await follow('webgl');
    expect(ready.programs).toBeGreaterThan(0);
    expect(scenes.map(({ faces }) => faces)).toEqual(FILM.map(([faces]) => faces));
    expect(scenes.map(({ programs }) => programs)).toEqual(FILM.map(() => ready.programs));
  },
  SOFTWARE_GL_MS,
);

it('on WebAssembly: no module', async () => {
  const { ready, scenes } = await follow('wasm');
  expect(ready.modules).toBeGreaterThan(0);
  expect(scenes.map(({ faces }) => faces)).toEqual(FILM.map(([faces]) => faces));
  expect(scenes.map(({ modules }) => modules)).toEqual(FILM.map(() => ready.modules));
});
