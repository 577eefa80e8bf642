/**
 * WebGL with textures of float16, as real graphics cards get them: every model that ships holds to the points of wasm, the eye
 * network to its irises, every detector to its answers of the self-test.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DETECTORS } from '../../src/engine/detect/detector-files';
import { DETECTOR_TOLERANCE } from '../../src/engine/detect/self-test';
import { deviationOf } from '../../src/engine/landmark/self-test';
import { DETECTOR_NAMES } from '../../src/engine/options';
import { root } from './browser';
import { BREAK_CHANNEL, installFragileGpu } from './engine-page/fragile-gpu';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** Rounding, and how the canvases of the two blend pixels; share of the crop's box. */
const HALF_TOLERANCE = 0.0075;
/** Of the self-test's tolerance, as much as float16 may take. */
const DETECTOR_HALF_TOLERANCE = DETECTOR_TOLERANCE / 4;
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

/** Than a graphics card is allowed to be, times. */
const SLOWER = 10;

const registry = JSON.parse(await readFile(join(root, 'static', 'models', 'registry.json'), 'utf8')) as {
  models: { id: string }[];
};

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite(PICTURES);
  // A software GL in the guise of a graphics card.
  await site.page.evaluate(installFragileGpu, BREAK_CHANNEL);
  // As slow as it is, a watchdog that takes it for a graphics card would call it hung.
  await site.page.evaluate((times) => {
    const { setInterval } = window;
    window.setInterval = ((call: () => void, ms: number) =>
      setInterval(call, times * ms)) as typeof window.setInterval;
  }, SLOWER);
});
afterAll(() => site?.close());

it.each(registry.models)(
  '$id',
  async ({ id }) => {
    const [half, whole] = await site.page.evaluate(async (model) => {
      const { fetchPicture, tf, withEngine } = window.engineLibrary;
      const picture = await fetchPicture('astronaut.png');
      const face = { x: 150, y: 60, width: 150, height: 150 };
      const look = (backend: 'webgl' | 'wasm') =>
        withEngine({ backend, model, thread: 'page' }, async (engine) => ({
          points: Array.from((await engine.landmarks(picture, [face])).faces[0].points),
          isFloat32: tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED'),
          side: face.width,
        }));
      return [await look('webgl'), await look('wasm')];
    }, id);
    expect(half.isFloat32).toBe(false);
    const apart = Math.max(...half.points.map((value, i) => Math.abs(value - whole.points[i]))) / half.side;
    console.info(`${id}: ${(100 * apart).toFixed(2)} % of the box`);
    expect(half.points.length).toBeGreaterThan(0);
    expect(apart).toBeLessThan(HALF_TOLERANCE);
  },
  SOFTWARE_GL_MS,
);

it(
  'the eye network',
  async () => {
    const [half, whole] = await site.page.evaluate(async () => {
      const { fetchPicture, tf, withEngine } = window.engineLibrary;
      const picture = await fetchPicture('astronaut.png');
      const face = { x: 150, y: 60, width: 150, height: 150 };
      const look = (backend: 'webgl' | 'wasm') =>
        withEngine({ backend, thread: 'page', signals: true, gaze: true }, async (engine) => {
          const { left, right } = (await engine.landmarks(picture, [face])).faces[0].signals!.gaze!;
          const isFloat32 = tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
          return { irises: [left!.x, left!.y, right!.x, right!.y], isFloat32, side: face.width };
        });
      return [await look('webgl'), await look('wasm')];
    });
    expect(half.isFloat32).toBe(false);
    const apart = Math.max(...half.irises.map((value, i) => Math.abs(value - whole.irises[i]))) / half.side;
    console.info(`eye: ${(100 * apart).toFixed(2)} % of the box`);
    expect(apart).toBeLessThan(HALF_TOLERANCE);
  },
  SOFTWARE_GL_MS,
);

it.each(DETECTOR_NAMES)(
  'detector %s',
  async (name) => {
    const [half, whole] = await site.page.evaluate(async (name) => {
      const answers: number[][] = [];
      for (const backend of ['webgl', 'wasm'] as const) {
        const detector = await window.engineLibrary.createOwnDetector(name, backend);
        answers.push([...(await detector.selfTestAnswers())]);
        detector.dispose();
      }
      return answers;
    }, name);
    const { selfTest } = DETECTORS[name];
    const [apart, apartOnWasm] = [half, whole].map((answers) => deviationOf(answers, selfTest));
    console.info(
      `${name}: ${(100 * apart).toFixed(2)} % of the input, ${(100 * apartOnWasm).toFixed(4)} % on wasm`,
    );
    expect(apart).toBeGreaterThan(apartOnWasm);
    expect(apart).toBeLessThan(DETECTOR_HALF_TOLERANCE);
  },
  SOFTWARE_GL_MS,
);
