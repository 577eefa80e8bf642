/** The engine as a library with models of shapes that none of the shipped ones has. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAP, MAPS, NOSE, serveModels } from '../fixtures/synthetic-models';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

/** The expectation of a map against the network's own, both in float32: px of a face of 200 px. */
const EXPECTATION_PX = 0.05;
/** Pixels of a crop against the picture they are drawn from, gray levels of 0..255: what canvas interpolation rounds. */
const CROP_LEVELS = 2.5;
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite({ 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') });
  await serveModels(site.page.context(), [NOSE, MAPS]);
});
afterAll(() => site?.close());

const BOX = { x: 150, y: 60, width: 160, height: 180 };
/** Of the crop for the box: 1.4 times 180 px wide, 2 / 3 of it high, around the middle of the box. */
const CROP = { left: 230 - 252 / 2, top: 150 - 168 / 2, width: 252, height: 168 };

describe.each(['wasm', 'cpu', 'webgl'] as const)('heatmaps on %s', (backend) => {
  let found: Awaited<ReturnType<typeof look>>;
  beforeAll(async () => {
    found = await look(backend);
  }, SOFTWARE_GL_MS);

  it('are one a point, and their expectations are the points', () => {
    const { maps, points } = found;
    expect(maps).toMatchObject({ ...MAP, channels: 4 });
    for (let channel = 0; channel < 4; channel++) {
      const map = maps.values.filter((_, i) => i % 4 === channel);
      const sumOf = (weight: (cell: number) => number) =>
        map.reduce((sum, share, cell) => sum + share * weight(cell), 0);
      expect(sumOf(() => 1)).toBeCloseTo(1, 4);
      const x = sumOf((cell) => ((cell % MAP.width) + 0.5) / MAP.width);
      const y = sumOf((cell) => (Math.floor(cell / MAP.width) + 0.5) / MAP.height);
      expect(Math.abs(CROP.left + x * CROP.width - points[2 * channel])).toBeLessThan(EXPECTATION_PX);
      expect(Math.abs(CROP.top + y * CROP.height - points[2 * channel + 1])).toBeLessThan(EXPECTATION_PX);
    }
    // Bright and dark do not lie in one place: the maps look at the picture.
    expect(Math.hypot(points[4] - points[6], points[5] - points[7])).toBeGreaterThan(5);
    expect(found.left).toBe(0);
  });

  it('come with the crop that they show, wider than high as the input is', () => {
    const { input } = found;
    expect(input).toMatchObject({ width: 4 * MAP.width, height: 4 * MAP.height, channels: 1 });
    const { a, d, e, f } = input.crop;
    [a, d, e, f].forEach((value, i) =>
      expect(value).toBeCloseTo(
        [1 / CROP.width, 1 / CROP.height, -CROP.left / CROP.width, -CROP.top / CROP.height][i],
        5,
      ),
    );
    for (const column of [5, 30, 60, 90]) {
      for (const row of [3, 32, 60]) {
        const level = 255 * (0.5 + 0.25 * input.values[row * input.width + column]);
        const x = CROP.left + ((column + 0.5) / input.width) * CROP.width;
        expect(Math.abs(level - levelAt(x)), `${column}, ${row}`).toBeLessThan(CROP_LEVELS);
      }
    }
  });
});

/** Gray of the ramp that `look` draws, at `x` px: its px have their centres at halves. */
const levelAt = (x: number) => (x - 0.5) / 2;

/** The portrait's heatmaps and points, and the input of a picture that grows brighter to the right. */
function look(backend: 'wasm' | 'cpu' | 'webgl') {
  return site.page.evaluate(
    ([options, box]) => {
      const { withEngine, fetchPicture } = window.engineLibrary;
      return withEngine(options, async (engine) => {
        const picture = await fetchPicture('astronaut.png');
        const before = (await engine.memory()).tensors;
        const maps = await engine.heatmaps(picture, box);
        const { faces } = await engine.landmarks(picture, [box]);
        const context = new OffscreenCanvas(500, 400).getContext('2d')!;
        for (let x = 0; x < 500; x++) {
          context.fillStyle = `rgb(${x / 2} ${x / 2} ${x / 2})`;
          context.fillRect(x, 0, 1, 400);
        }
        const ramp = context.canvas.transferToImageBitmap();
        const input = await engine.activations(ramp, box, 'input');
        ramp.close();
        return {
          maps: { ...maps, values: Array.from(maps.values) },
          points: Array.from(faces[0].points),
          input: { ...input, values: Array.from(input.values) },
          left: (await engine.memory()).tensors - before,
        };
      });
    },
    [{ backend, model: MAPS.id }, BOX] as const,
  );
}

it('one point without presence: a picture gives the faces of the detector, with its scores', async () => {
  const { faces, none } = await site.page.evaluate(
    (options) =>
      window.engineLibrary.withEngine(options, async (engine) => {
        const { fetchPicture, drawFrame } = window.engineLibrary;
        const found = await engine.detect(await fetchPicture('astronaut.png'));
        const empty = await engine.detect(await drawFrame([]));
        return {
          faces: found.faces.map((face) => ({ ...face, points: Array.from(face.points) })),
          none: empty.faces.length,
        };
      }),
    { backend: 'wasm', model: NOSE.id } as const,
  );
  expect(none).toBe(0);
  expect(faces).toHaveLength(1);
  expect(faces[0]).toMatchObject({ id: 1, spread: null });
  expect(faces[0].score).toBeGreaterThan(0.5);
  // The astronaut's nose, read off the picture by eye: px.
  expect(Math.hypot(faces[0].points[0] - 226, faces[0].points[1] - 136)).toBeLessThan(20);
});

it('what a model does not have is named: heatmaps, a layer, maps in a layer', async () => {
  const failures = await site.page.evaluate(
    async ([options, box]) => {
      const { withEngine, fetchPicture, failureOf } = window.engineLibrary;
      return withEngine(options, async (engine) => {
        const picture = await fetchPicture('astronaut.png');
        const before = (await engine.memory()).tensors;
        const found = [
          await failureOf(() => engine.heatmaps(picture, box)),
          await failureOf(() => engine.activations(picture, box, 'nowhere')),
          await failureOf(() => engine.activations(picture, box, 'head/kernel')),
          await failureOf(() => engine.activations(picture, box, 'head')),
        ];
        return { found, left: (await engine.memory()).tensors - before };
      });
    },
    [{ backend: 'wasm', model: NOSE.id } as const, BOX] as const,
  );
  expect(failures.found.map((failure) => failure?.code)).toEqual(Array(4).fill('bad-option'));
  expect(failures.found.map((failure) => failure?.message)).toEqual([
    `model ${NOSE.id}: has no heatmaps`,
    `model ${NOSE.id}: node nowhere is no layer of its graph`,
    `model ${NOSE.id}: node head/kernel is no layer of its graph`,
    `model ${NOSE.id}: node head gives (1, 2), not maps (1, height, width, channels)`,
  ]);
  expect(failures.left).toBe(0);
});
