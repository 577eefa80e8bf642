/** The engine as a library in a real browser: every backend that runs here, in a worker and on the page. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

/** The portrait that ships with the app. */
const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };

/** Two backends differ by rounding and by how their canvases blend pixels; share of the face's size. */
const BACKEND_TOLERANCE = 0.01;
/** Compilation by a software GL on a busy machine. */
const SOFTWARE_GL_MS = 300_000;

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite(PICTURES);
});
afterAll(() => site?.close());

describe.each([
  ['wasm', 'worker'],
  ['wasm', 'page'],
  ['cpu', 'worker'],
  // On the page WebGL runs in the test of the lost context.
  ['webgl', 'worker'],
] as const)('on %s, on the thread %s', (backend, thread) => {
  it(
    'finds the face of the portrait, accounts for every tensor and ends with none',
    async () => {
      const found = await site.page.evaluate(
        async (options) => {
          const { createEngine, fetchPicture, pageTensors } = window.engineLibrary;
          const start = pageTensors();
          const shaders: [done: number, total: number][] = [];
          const engine = await createEngine({
            ...options,
            onProgress: (progress) => {
              if (progress.kind === 'shaders') shaders.push([progress.done, progress.total]);
            },
          });
          const before = (await engine.memory()).tensors;
          const result = await engine.detect(await fetchPicture('astronaut.png'));
          const frame = await createImageBitmap(await fetchPicture('astronaut.png'));
          const tracked = await engine.track(frame, 0);
          const after = (await engine.memory()).tensors;
          await engine.dispose();
          const { info } = engine;
          return {
            backend: info.backend,
            thread: info.thread,
            result,
            points: Array.from(result.faces[0]?.points ?? []),
            tracked: tracked?.faces.length,
            shaders,
            before,
            after,
            left: [(await engine.memory()).tensors, pageTensors() - start],
          };
        },
        { backend, thread },
      );
      expect([found.backend, found.thread]).toEqual([backend, thread]);
      expect(found.result).toMatchObject({ width: 512, height: 512, faces: [{ id: 1 }] });
      expect(found.tracked).toBe(1);
      expect(found.result.faces[0].score).toBeGreaterThan(0.5);
      expectPortraitPoints(found.points);
      expect(found.before).toBeGreaterThan(50);
      expect(found.after).toBe(found.before);
      expect(found.left).toEqual([0, 0]);
      if (backend === 'webgl') expectAllDone(found.shaders);
      else expect(found.shaders).toEqual([]);
    },
    SOFTWARE_GL_MS,
  );
});

/** Counted up to the last of the many shaders that two networks need. */
function expectAllDone(counts: readonly (readonly [done: number, total: number])[]): void {
  const done = counts.map(([one]) => one);
  expect(done).toEqual(done.toSorted((one, other) => one - other));
  const [last, total] = counts[counts.length - 1];
  expect(last).toBe(total);
  expect(total).toBeGreaterThan(20);
}

/** What the first backend found; the others are held to it. */
let reference: number[] | null = null;

function expectPortraitPoints(points: number[]): void {
  expect(points).toHaveLength(136);
  reference ??= points;
  const sizePx = Math.max(...reference) - Math.min(...reference.filter((_, i) => i % 2 === 0));
  points.forEach((value, i) =>
    expect(Math.abs(value - reference![i])).toBeLessThan(BACKEND_TOLERANCE * sizePx),
  );
  // The astronaut's nose and eyes, read off the picture by eye: px.
  expect(Math.hypot(points[60] - 226, points[61] - 136)).toBeLessThan(12);
  expect(points[72]).toBeLessThan(points[90]);
}

describe('the choice of backend and thread', () => {
  it('is explained: no software GL unless asked for, and a worker', async () => {
    const info = await site.page.evaluate(() =>
      window.engineLibrary.withEngine({}, async (engine) => ({ ...engine.info, manifest: null })),
    );
    expect(info).toMatchObject({ backend: 'wasm', thread: 'worker' });
    expect(info.backendReason).toMatch(/WebGL is done in software .*SwiftShader/);
    expect(info.threadReason).toMatch(/worker/);
  });

  it('falls back to the page where workers cannot be started, and says so', async () => {
    const info = await site.page.evaluate(async () => {
      const { Worker } = window;
      Object.assign(window, { Worker: undefined });
      try {
        return await window.engineLibrary.withEngine({}, async (engine) => ({
          ...engine.info,
          manifest: null,
        }));
      } finally {
        Object.assign(window, { Worker });
      }
    });
    expect(info).toMatchObject({ backend: 'wasm', thread: 'page' });
    expect(info.threadReason).toMatch(/a worker failed/);
  });

  it(
    "is measured where the GPU is slow: wasm takes over, and the GPU's tensors go",
    async () => {
      const found = await site.page.evaluate(async () => {
        // A software GL in the guise of a GPU.
        const gl = WebGL2RenderingContext.prototype;
        const { getContextAttributes, getParameter } = gl;
        gl.getContextAttributes = () => ({ failIfMajorPerformanceCaveat: true });
        gl.getParameter = function (name: number) {
          const value = getParameter.call(this, name) as unknown;
          return typeof value === 'string' && /swiftshader/i.test(value) ? 'Slow GPU' : value;
        };
        try {
          return await window.engineLibrary.withEngine({ thread: 'page' }, async (engine) => ({
            backend: engine.info.backend,
            reason: engine.info.backendReason,
            tensors: (await engine.memory()).tensors,
          }));
        } finally {
          Object.assign(gl, { getContextAttributes, getParameter });
        }
      });
      const plain = await site.page.evaluate(() =>
        window.engineLibrary.withEngine({ thread: 'page', backend: 'wasm' }, (engine) => engine.memory()),
      );
      expect(found.backend).toBe('wasm');
      expect(found.reason).toMatch(/^WebGL measured \d+ ms a face here, WebAssembly \d+ ms\.$/);
      expect(found.tensors).toBe(plain.tensors);
    },
    SOFTWARE_GL_MS,
  );

  it('says what is missing when a backend that is not there is asked for', async () => {
    const failure = await site.page.evaluate(() =>
      window.engineLibrary.failureOf(() =>
        window.engineLibrary.createEngine({ backend: 'webgpu', thread: 'page' }),
      ),
    );
    expect(failure).toMatchObject({ code: 'no-backend', message: expect.stringContaining('webgpu') });
    expect(await site.page.evaluate(() => window.engineLibrary.pageTensors())).toBe(0);
  });
});

/** Decoded boxes may differ by how near-duplicates are merged: blended here, the best alone there. Share of the box. */
const DETECTOR_TOLERANCE = 0.1;

it('the detector finds what the reference decoder of the same network finds', async () => {
  const [boxes, wanted] = await site.page.evaluate(async () => {
    const { fetchPicture, loadReferenceDetector, createOwnDetector } = window.engineLibrary;
    const bitmap = await createImageBitmap(await fetchPicture('astronaut.png'));
    const own = await createOwnDetector('blazeface');
    const found = await own.detect(bitmap);
    const reference = await loadReferenceDetector({
      modelUrl: 'models/blazeface/facemesh-detection-short.json',
      scoreThreshold: 0.5,
    });
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const faces = await reference.estimateFaces(
      context.getImageData(0, 0, bitmap.width, bitmap.height) as never,
    );
    reference.dispose();
    own.dispose();
    const boxOf = (face: (typeof faces)[number]) => {
      const [[left, top], [right, bottom]] = [face.topLeft as number[], face.bottomRight as number[]];
      const eyes = (face.landmarks as number[][]).slice(0, 2);
      return [left, top, right, bottom, ...eyes.flat()];
    };
    return [
      found.map(({ box, eyes }) => [
        ...[box.x, box.y, box.x + box.width, box.y + box.height],
        ...eyes.flatMap(({ x, y }) => [x, y]),
      ]),
      faces.map(boxOf),
    ];
  });
  expect(wanted).toHaveLength(1);
  expect(boxes).toHaveLength(1);
  const sizePx = wanted[0][2] - wanted[0][0];
  boxes[0].forEach((value, i) =>
    expect(Math.abs(value - wanted[0][i])).toBeLessThan(DETECTOR_TOLERANCE * sizePx),
  );
});

describe('tracking', () => {
  it('follows a face, drops late frames, forgets it when the frame is empty, and closes every frame', async () => {
    const run = await site.page.evaluate(() => {
      const { withEngine, drawFrame } = window.engineLibrary;
      return withEngine({ backend: 'wasm', smoothing: 0 }, async (engine) => {
        const frames = [];
        for (let i = 0; i < 10; i++)
          frames.push(await drawFrame([{ name: 'astronaut.png', x: 100 + 6 * i, y: 0, sizePx: 480 }]));
        const late = await drawFrame([]);
        const results = [];
        let dropped: unknown = 'not asked';
        for (const [i, frame] of frames.entries()) {
          const running = engine.track(frame, i * 40);
          if (i === 3) dropped = await engine.track(late, i * 40 + 1);
          results.push(await running);
        }
        const empty = [];
        for (let i = 0; i < 5; i++) empty.push(await engine.track(await drawFrame([]), 400 + i * 60));
        return {
          ids: results.map((result) => result?.faces.map((face) => face.id)),
          noseX: results.map((result) => result?.faces[0]?.points[60] ?? Number.NaN),
          detectMs: results.map((result) => result?.timings.detectMs ?? Number.NaN),
          dropped,
          closed: [...frames, late].map((frame) => frame.width),
          empty: empty.map((result) => result?.faces.length),
          tensors: (await engine.memory()).tensors,
        };
      });
    });
    expect(run.ids).toEqual(Array(10).fill([1]));
    expect(run.dropped).toBeNull();
    expect(run.closed).toEqual(Array(11).fill(0));
    expect(run.detectMs[0]).toBeGreaterThan(0);
    expect(run.detectMs.slice(1)).toEqual(Array(9).fill(0));
    // 54 px of pan between the first frame and the last.
    expect(Math.abs(run.noseX[9] - run.noseX[0] - 54)).toBeLessThan(4);
    expect(run.empty).toEqual([0, 0, 0, 0, 0]);
  });

  it('keeps two faces apart, in one batch', async () => {
    const ids = await site.page.evaluate(() => {
      const { withEngine, drawFrame } = window.engineLibrary;
      return withEngine({ backend: 'wasm', maxFaces: 2 }, async (engine) => {
        const found = [];
        for (let i = 0; i < 5; i++) {
          const frame = await drawFrame([
            { name: 'astronaut.png', x: -60 + 4 * i, y: 0, sizePx: 400 },
            { name: 'astronaut.png', x: 300 - 4 * i, y: 60, sizePx: 400 },
          ]);
          const result = await engine.track(frame, i * 40);
          found.push(result?.faces.map((face) => [face.id, Math.round(face.box.x / 10)]));
        }
        return found;
      });
    });
    for (const frame of ids) expect(frame).toHaveLength(2);
    const [first, last] = [ids[0]!, ids[4]!];
    expect(first.map(([id]) => id)).toEqual([1, 2]);
    // Each kept its side.
    expect(Math.sign(first[0][1] - first[1][1])).toBe(Math.sign(last[0][1] - last[1][1]));
  });
});

describe('errors', () => {
  it('cross from the worker with code, subject and stack', async () => {
    const failure = await site.page.evaluate(() => {
      const { createEngine, failureOf } = window.engineLibrary;
      return failureOf(() => createEngine({ model: 'no-such-model', thread: 'worker' }));
    });
    expect(failure).toMatchObject({
      name: 'EngineError',
      code: 'model-missing',
      message: expect.stringMatching(/no-such-model/),
    });
    expect(failure?.stack).toContain('worker');
  });

  it('of a file that is not what the registry says come before the model runs', async () => {
    await site.page.route('**/models/**/*shard1*.bin', (route) =>
      route.fulfill({ body: Buffer.alloc(1000) }),
    );
    const failures = await site.page.evaluate(async () => {
      const { createEngine, failureOf, pageTensors } = window.engineLibrary;
      const onWorker = await failureOf(() => createEngine({ backend: 'wasm', thread: 'worker' }));
      const onPage = await failureOf(() => createEngine({ backend: 'wasm', thread: 'page' }));
      return { onWorker, onPage, tensors: pageTensors() };
    });
    await site.page.unroute('**/models/**/*shard1*.bin');
    expect(failures.onWorker).toMatchObject({
      code: 'hash-mismatch',
      message: expect.stringMatching(/shard1/),
    });
    expect(failures.onPage).toMatchObject({
      code: 'hash-mismatch',
      message: expect.stringMatching(/shard1/),
    });
    expect(failures.tensors).toBe(0);
  });

  it('inside a frame leak nothing, close the frame, and the next frame works', async () => {
    const run = await site.page.evaluate(() => {
      const { withEngine, drawFrame, failureOf, tf } = window.engineLibrary;
      return withEngine({ backend: 'wasm', thread: 'page' }, async (engine) => {
        const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        await engine.track(await portrait(), 0);
        const before = (await engine.memory()).tensors;

        const context = OffscreenCanvasRenderingContext2D.prototype;
        const { getImageData } = context;
        context.getImageData = () => {
          throw new Error('no pixels today');
        };
        const frame = await portrait();
        const reading = await failureOf(() => engine.track(frame, 40));
        context.getImageData = getImageData;

        const backend = tf.backend();
        const { read } = backend;
        backend.read = () => Promise.reject(new Error('no values today'));
        const values = await failureOf(async () => engine.track(await portrait(), 80));
        backend.read = read;

        const next = await engine.track(await portrait(), 120);
        return {
          messages: [reading?.message, values?.message],
          closed: frame.width,
          tensors: (await engine.memory()).tensors - before,
          next: next?.faces.map((face) => face.id),
        };
      });
    });
    expect(run.messages).toEqual(['frame: no pixels today', 'frame: no values today']);
    expect(run).toMatchObject({ closed: 0, tensors: 0, next: [1] });
  });

  it('of pictures that are none are named', async () => {
    const failure = await site.page.evaluate(() => {
      const { withEngine, failureOf } = window.engineLibrary;
      return withEngine({ backend: 'wasm' }, (engine) =>
        failureOf(() => engine.detect(new Blob(['no picture']))),
      );
    });
    expect(failure).toMatchObject({ code: 'bad-image' });
  });
});

it(
  'a WebGL context lost twice in a row is rebuilt: the frame it struck still gets its answer, and nothing leaks',
  async () => {
    const run = await site.page.evaluate(() => {
      const { withEngine, drawFrame, tf } = window.engineLibrary;
      return withEngine({ backend: 'webgl', thread: 'page' }, async (engine) => {
        const portrait = () => drawFrame([{ name: 'astronaut.png', x: 100, y: 0, sizePx: 480 }]);
        const first = await engine.track(await portrait(), 0);
        const before = (await engine.memory()).tensors;
        const lost = tf.backend();
        const lose = () => {
          const { gl } = (tf.backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu;
          gl.getExtension('WEBGL_lose_context')!.loseContext();
        };
        const struck = engine.track(await portrait(), 40);
        lose();
        const second = await struck;
        // The new one goes as soon as it is there.
        lose();
        const third = await engine.track(await portrait(), 80);
        return {
          nose: [first, second, third].map((result) => Math.round(result?.faces[0]?.points[60] ?? -1)),
          ids: [first, second, third].map((result) => result?.faces.map((face) => face.id)),
          fresh: tf.backend() !== lost,
          tensors: (await engine.memory()).tensors - before,
        };
      });
    });
    expect(run.ids).toEqual([[1], [1], [1]]);
    expect(Math.max(...run.nose) - Math.min(...run.nose)).toBeLessThan(3);
    expect(run).toMatchObject({ fresh: true, tensors: 0 });
    expect(await site.page.evaluate(() => window.engineLibrary.pageTensors())).toBe(0);
  },
  SOFTWARE_GL_MS,
);
