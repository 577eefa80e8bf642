/** Where the eyes of real faces look, out of the eye network in a real browser. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Face } from '../../src/engine';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** The points of the lids may cut the iris of an eye that is half shut, in eye widths. */
const LID_TOLERANCE = 0.1;
/** She looks into the camera, or close by. */
const AHEAD_DEG = 20;
/** Of the same face a few px further, as each network sees it again. */
const STEADY_DEG = 6;
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;
const EYES = { right: [36, 37, 38, 39, 40, 41], left: [42, 43, 44, 45, 46, 47] } as const;

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite(PICTURES);
});
afterAll(() => site?.close());

/** Both irises lie between the lids, and look ahead. */
function expectAhead({ points, signals }: Pick<Face, 'points' | 'signals'>): void {
  const { gaze, expression } = signals!;
  expect(Math.abs(gaze!.yawDeg)).toBeLessThan(AHEAD_DEG);
  expect(Math.abs(gaze!.pitchDeg)).toBeLessThan(AHEAD_DEG);
  for (const [side, indices] of Object.entries(EYES)) {
    const eye = gaze![side as keyof typeof EYES]!;
    const xs = indices.map((i) => points[2 * i]);
    const ys = indices.map((i) => points[2 * i + 1]);
    const width = Math.max(...xs) - Math.min(...xs);
    const slack = LID_TOLERANCE * width;
    expect(eye.x).toBeGreaterThan(Math.min(...xs) + 0.15 * width);
    expect(eye.x).toBeLessThan(Math.max(...xs) - 0.15 * width);
    expect(eye.y).toBeGreaterThan(Math.min(...ys) - slack);
    expect(eye.y).toBeLessThan(Math.max(...ys) + slack);
    expect(eye.spread).toBeGreaterThan(0);
    expect(eye.spread).toBeLessThan(0.3 * width);
  }
  expect(expression.eyeLookUpRight).toBeLessThan(1);
}

it('is there where it is asked for, also later, in stills and in given boxes, and goes with the signals', async () => {
  const told = await site.page.evaluate(() => {
    const { withEngine, fetchPicture, failureOf } = window.engineLibrary;
    return withEngine({ backend: 'wasm', thread: 'worker', signals: true }, async (engine) => {
      const picture = await fetchPicture('astronaut.png');
      const before = (await engine.detect(picture)).faces[0];
      await engine.tune({ gaze: true });
      const detected = (await engine.detect(picture)).faces[0];
      const boxed = (await engine.landmarks(picture, [detected.box])).faces[0];
      const without = await failureOf(() => engine.tune({ signals: false, gaze: true }));
      await engine.tune({ signals: false });
      const off = await failureOf(() => engine.tune({ gaze: true }));
      const plain = (await engine.detect(picture)).faces[0];
      const hadGaze = 'gaze' in before.signals! || 'eyeLookUpLeft' in before.signals!.expression;
      return { hadGaze, detected, boxed, without, off, plain: 'signals' in plain };
    });
  });
  expect(told.hadGaze).toBe(false);
  expectAhead(told.detected);
  expectAhead(told.boxed);
  expect(told.plain).toBe(false);
  const message = 'option gaze: must be false without signals, is true';
  for (const failure of [told.without, told.off])
    expect(failure).toMatchObject({ code: 'bad-option', message });
});

it('is told of given points too: of those that were found the same, moved ones by their places, none where one is missing', async () => {
  const told = await site.page.evaluate(() => {
    const { withEngine, fetchPicture, failureOf } = window.engineLibrary;
    const options = { backend: 'wasm', thread: 'worker', signals: true, gaze: true } as const;
    return withEngine(options, async (engine) => {
      const picture = await fetchPicture('astronaut.png');
      const [found] = (await engine.detect(picture)).faces;
      const lip = found.points.slice();
      for (const i of [56, 57, 58, 65, 66, 67]) lip[2 * i + 1] += 15;
      const missing = found.points.slice();
      missing.fill(Number.NaN, 0, 2);
      const given = [found.points, lip, missing, new Float32Array(136)];
      const asked = given.map((points) => ({ points, spread: found.spread }));
      const all = await engine.signals(picture, asked);
      const none = await engine.signals(picture, []);
      await engine.tune({ signals: false });
      const off = await failureOf(() => engine.signals(picture, []));
      return { found: found.signals!, all, none, off };
    });
  });
  const [same, lip, missing, nothing] = told.all;
  expect(same).toEqual(told.found);
  expect(lip!.mouth.opening).toBeGreaterThan(told.found.mouth.opening + 0.1);
  expect(Math.abs(lip!.gaze!.yawDeg - told.found.gaze!.yawDeg)).toBeLessThan(STEADY_DEG);
  expect(missing).not.toHaveProperty('gaze');
  expect(Math.abs(missing!.pose.yawDeg - told.found.pose.yawDeg)).toBeLessThan(STEADY_DEG);
  expect([nothing, told.none]).toEqual([undefined, []]);
  expect(told.off).toMatchObject({ code: 'bad-option', message: expect.stringMatching(/^option signals: /) });
});

it('of a face in a mirror is mirrored', async () => {
  const [plain, mirrored] = await site.page.evaluate(() => {
    const { withEngine, fetchPicture } = window.engineLibrary;
    return withEngine({ backend: 'wasm', thread: 'worker', signals: true, gaze: true }, async (engine) => {
      const bitmap = await createImageBitmap(await fetchPicture('astronaut.png'));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.scale(-1, 1);
      context.drawImage(bitmap, -bitmap.width, 0);
      const gazes = [];
      for (const picture of [bitmap, context.canvas.transferToImageBitmap()])
        gazes.push((await engine.detect(picture)).faces[0].signals!.gaze!);
      return gazes;
    });
  });
  expect(Math.abs(plain.yawDeg + mirrored.yawDeg)).toBeLessThan(STEADY_DEG);
  expect(Math.abs(plain.pitchDeg - mirrored.pitchDeg)).toBeLessThan(STEADY_DEG);
  expect(Math.abs(plain.left!.yawDeg + mirrored.right!.yawDeg)).toBeLessThan(STEADY_DEG);
});

it('is carried by tracked faces, holds still with them, and is 0 for eyes that were calibrated', async () => {
  const gazes = await site.page.evaluate(() => {
    const { withEngine, drawFrame } = window.engineLibrary;
    const options = { backend: 'wasm', thread: 'worker', signals: true, gaze: true, maxFaces: 2 } as const;
    return withEngine(options, async (engine) => {
      const found = [];
      for (let i = 0; i < 45; i++) {
        const frame = await drawFrame([{ name: 'astronaut.png', x: 2 * i, y: 0, sizePx: 700 }], [960, 540]);
        if (i === 10) await engine.calibrate();
        const { faces } = (await engine.track(frame, i * 40))!;
        found.push(faces[0].signals!.gaze!);
      }
      return found;
    });
  });
  expect(gazes).toHaveLength(45);
  for (let i = 1; i < gazes.length; i++)
    if (i !== 10) expect(Math.abs(gazes[i].yawDeg - gazes[i - 1].yawDeg)).toBeLessThan(STEADY_DEG);
  const last = gazes.at(-1)!;
  expect(Math.abs(last.yawDeg)).toBeLessThan(STEADY_DEG / 2);
  expect(Math.abs(last.pitchDeg)).toBeLessThan(STEADY_DEG / 2);
});

it('leaves nothing behind, however it was asked for', async () => {
  const { tuned, tensors, later } = await site.page.evaluate(async () => {
    const { withEngine, fetchPicture, pageTensors } = window.engineLibrary;
    const picture = await fetchPicture('astronaut.png');
    const common = { backend: 'wasm', thread: 'page', signals: true } as const;
    const tensors = [];
    for (let i = 0; i < 3; i++) {
      await withEngine({ ...common, gaze: true }, (engine) => engine.detect(picture));
      tensors.push(pageTensors());
    }
    const tuned = await withEngine(common, async (engine) => {
      const counts = [];
      for (const gaze of [true, false, true]) {
        await engine.tune({ gaze });
        await engine.detect(picture);
        counts.push((await engine.memory()).tensors);
      }
      return counts;
    });
    return { tensors, tuned, later: pageTensors() };
  });
  expect(tensors).toEqual([0, 0, 0]);
  expect(new Set(tuned).size).toBe(1);
  expect(later).toBe(0);
});

it(
  'comes back with a GPU context that was lost, and nothing leaks',
  async () => {
    const run = await site.page.evaluate(() => {
      const { withEngine, drawFrame, tf } = window.engineLibrary;
      return withEngine({ backend: 'webgl', thread: 'page', signals: true }, async (engine) => {
        const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        await engine.tune({ gaze: true });
        const first = await engine.track(await portrait(), 0);
        const before = (await engine.memory()).tensors;
        const lost = tf.backend();
        const struck = engine.track(await portrait(), 40);
        const { gl } = (lost as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu;
        gl.getExtension('WEBGL_lose_context')!.loseContext();
        const second = await struck;
        return {
          faces: [first, second].map((result) => result!.faces[0]),
          fresh: tf.backend() !== lost,
          tensors: (await engine.memory()).tensors - before,
        };
      });
    });
    expect(run).toMatchObject({ fresh: true, tensors: 0 });
    for (const face of run.faces) expectAhead(face);
    const [before, after] = run.faces.map(({ signals }) => signals!.gaze!);
    expect(Math.abs(before.yawDeg - after.yawDeg)).toBeLessThan(STEADY_DEG);
    expect(await site.page.evaluate(() => window.engineLibrary.pageTensors())).toBe(0);
  },
  SOFTWARE_GL_MS,
);

const CLIPS = join(root, '..', 'shared', 'media');
it.skipIf(!existsSync(join(CLIPS, 'm_easian.jpg')))(
  'is told of other portraits, where they are at hand',
  async () => {
    const names = ['f_african.jpg', 'm_easian.jpg', 'm_wasian.jpg'];
    const others = await openEngineSite(Object.fromEntries(names.map((name) => [name, join(CLIPS, name)])));
    try {
      const faces = await others.page.evaluate((all) => {
        const { withEngine, fetchPicture } = window.engineLibrary;
        return withEngine({ backend: 'wasm', signals: true, gaze: true }, async (engine) => {
          const found = [];
          for (const name of all) found.push((await engine.detect(await fetchPicture(name))).faces[0]);
          return found;
        });
      }, names);
      for (const face of faces) expectAhead(face);
    } finally {
      await others.close();
    }
  },
);
