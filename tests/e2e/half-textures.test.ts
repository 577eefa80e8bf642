/** WebGL with textures of float16, as real graphics cards get them: every model that ships holds to the points of wasm. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from './browser';
import { BREAK_CHANNEL, installFragileGpu } from './engine-page/fragile-gpu';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** Rounding, and how the canvases of the two blend pixels; share of the crop's box. */
const HALF_TOLERANCE = 0.0075;
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

const registry = JSON.parse(await readFile(join(root, 'static', 'models', 'registry.json'), 'utf8')) as {
  models: { id: string }[];
};

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite(PICTURES);
  // A software GL in the guise of a graphics card.
  await site.page.evaluate(installFragileGpu, BREAK_CHANNEL);
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
