import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Core } from './core';
import { EngineError } from './errors';
import { createFront } from './front';
import type { Activations, DetectOptions, Engine, Result } from './types';

const RESULT: Result = {
  timeMs: 0,
  faces: [],
  timings: { detectMs: 0, cropMs: 0, networkMs: 0, readBackMs: 0, filterMs: 0, totalMs: 0 },
  width: 1,
  height: 1,
};

const MAPS = { width: 1, height: 1, channels: 1 } as Activations;
const BOX = { x: 0, y: 0, width: 10, height: 10 };

function fakeBitmap() {
  const bitmap = { width: 1, height: 1, closed: false, close: () => void (bitmap.closed = true) };
  return bitmap as typeof bitmap & ImageBitmap;
}

/** A core that answers when told to, and closes its pictures as the real one does. */
function fakeCore() {
  const calls: string[] = [];
  let release: (error?: Error) => void = () => {};
  const wait = (name: string, picture: ImageBitmap) =>
    new Promise<Result>((resolve, reject) => {
      calls.push(name);
      release = (error) => {
        picture.close();
        if (error) reject(error);
        else resolve(RESULT);
      };
    });
  const core: Core = {
    info: { manifest: { id: 'tiny', output: { heatmaps: 'maps' } } } as Core['info'],
    lost: false,
    detect: (picture) => wait('detect', picture),
    landmarks: (picture) => wait('landmarks', picture),
    activations: async (picture, _, node) => {
      await wait(`activations ${node}`, picture);
      return MAPS;
    },
    track: (picture) => wait('track', picture),
    tune: async () => void calls.push('tune'),
    reset: async () => void calls.push('reset'),
    memory: async () => {
      calls.push('memory');
      return { tensors: 7, gpuBytes: null };
    },
    dispose: async () => void calls.push('dispose'),
  };
  return { core, calls, release: (error?: Error) => release(error) };
}

let fake: ReturnType<typeof fakeCore>;
let engine: Engine;

beforeEach(() => {
  fake = fakeCore();
  engine = createFront(fake.core, 'page', 'for the test');
});

/** Lets promises that are ready settle. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('track', () => {
  it('takes one frame at a time, and drops and closes those that come meanwhile', async () => {
    const [first, second] = [fakeBitmap(), fakeBitmap()];
    const running = engine.track(first, 0);
    expect(engine.busy).toBe(true);
    expect(await engine.track(second, 40)).toBeNull();
    expect(second.closed).toBe(true);
    fake.release();
    expect(await running).toBe(RESULT);
    expect(first.closed).toBe(true);
    expect(engine.busy).toBe(false);
    expect(fake.calls).toEqual(['track']);
  });

  it('is ready for the next frame after an error', async () => {
    const running = engine.track(fakeBitmap(), 0);
    await settle();
    fake.release(new EngineError('bad-model', 'model: broken'));
    await expect(running).rejects.toThrow('model: broken');
    expect(engine.busy).toBe(false);
    const next = engine.track(fakeBitmap(), 40);
    await settle();
    fake.release();
    expect(await next).toBe(RESULT);
  });

  it('refuses a time that is no number, and closes the frame', async () => {
    const frame = fakeBitmap();
    await expect(engine.track(frame, Number.NaN)).rejects.toMatchObject({ code: 'bad-option' });
    expect(frame.closed).toBe(true);
  });
});

describe('detect', () => {
  it('waits for the frame in flight instead of being dropped', async () => {
    vi.stubGlobal('createImageBitmap', async () => fakeBitmap());
    const running = engine.track(fakeBitmap(), 0);
    const photo = engine.detect(new Blob());
    await settle();
    expect(fake.calls).toEqual(['track']);
    fake.release();
    await running;
    await settle();
    expect(fake.calls).toEqual(['track', 'detect']);
    fake.release();
    expect(await photo).toBe(RESULT);
    vi.unstubAllGlobals();
  });

  it('called off while it waits is never begun, and closes its picture', async () => {
    const picture = fakeBitmap();
    vi.stubGlobal('createImageBitmap', async () => picture);
    const running = engine.track(fakeBitmap(), 0);
    const calling = new AbortController();
    const photo = engine.detect(new Blob(), { signal: calling.signal });
    await settle();
    calling.abort();
    fake.release();
    await running;
    await expect(photo).rejects.toBe(calling.signal.reason);
    expect(fake.calls).toEqual(['track']);
    expect(picture.closed).toBe(true);
    vi.unstubAllGlobals();
  });

  it("called off under way rejects with the signal's reason, whatever the core broke off with", async () => {
    vi.stubGlobal('createImageBitmap', async () => fakeBitmap());
    const calling = new AbortController();
    const photo = engine.detect(new Blob(), { signal: calling.signal });
    await settle();
    calling.abort();
    fake.release(new EngineError('internal', 'frame: broken off'));
    await expect(photo).rejects.toBe(calling.signal.reason);
    vi.unstubAllGlobals();
  });

  it.each([{ maxFaces: 0 }, { thorough: 1 }, { signal: {} }])('refuses %j', async (options) => {
    const name = Object.keys(options)[0];
    await expect(engine.detect(new Blob(), options as DetectOptions)).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringContaining(`option ${name}`),
    });
  });

  it('names a picture that cannot be decoded', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no picture')));
    await expect(engine.detect(new Blob())).rejects.toMatchObject({
      code: 'bad-image',
      message: /no picture/,
    });
    vi.unstubAllGlobals();
  });
});

it("info stays the same object until the core's changes", () => {
  const before = engine.info;
  expect(engine.info).toBe(before);
  Object.assign(fake.core, { info: { backend: 'wasm' } });
  expect(engine.info).toEqual({ backend: 'wasm', thread: 'page', threadReason: 'for the test' });
  expect(engine.info).toBe(engine.info);
});

it('landmarks names a box without a size', async () => {
  const box = { x: 0, y: 0, width: 0, height: 5 };
  await expect(engine.landmarks(new Blob(), [box])).rejects.toMatchObject({
    code: 'bad-option',
    message: /boxes\[0\]/,
  });
});

it('tune refuses what is out of range', async () => {
  await expect(engine.tune({ maxFaces: 0 })).rejects.toMatchObject({
    code: 'bad-option',
    message: /maxFaces/,
  });
  await expect(engine.tune({ smoothing: Number.NaN })).rejects.toMatchObject({ code: 'bad-option' });
  expect(fake.calls).toEqual([]);
});

it('memory is looked at between two calls, not within one', async () => {
  const running = engine.track(fakeBitmap(), 0);
  const memory = engine.memory();
  await settle();
  expect(fake.calls).toEqual(['track']);
  fake.release();
  await running;
  expect(await memory).toEqual({ tensors: 7, gpuBytes: null });
  expect(fake.calls).toEqual(['track', 'memory']);
});

describe('dispose', () => {
  it('waits for the frame in flight, happens once, and ends everything', async () => {
    const running = engine.track(fakeBitmap(), 0);
    const disposals = [engine.dispose(), engine.dispose()];
    await settle();
    expect(fake.calls).toEqual(['track']);
    fake.release();
    await running;
    await Promise.all(disposals);
    expect(fake.calls).toEqual(['track', 'dispose']);
    const frame = fakeBitmap();
    await expect(engine.track(frame, 80)).rejects.toMatchObject({ code: 'disposed' });
    expect(frame.closed).toBe(true);
    await expect(engine.detect(new Blob())).rejects.toMatchObject({ code: 'disposed' });
    expect(await engine.memory()).toEqual({ tensors: 7, gpuBytes: null });
    expect(engine.lost).toBe(true);
  });

  it('while a picture is being decoded closes the picture', async () => {
    const bitmap = fakeBitmap();
    vi.stubGlobal('createImageBitmap', async () => bitmap);
    const photo = engine.detect(new Blob());
    const disposal = engine.dispose();
    await expect(photo).rejects.toMatchObject({ code: 'disposed' });
    await disposal;
    expect(bitmap.closed).toBe(true);
    expect(fake.calls).toEqual(['dispose']);
    vi.unstubAllGlobals();
  });
});

describe('heatmaps', () => {
  beforeEach(() => vi.stubGlobal('createImageBitmap', async () => fakeBitmap()));

  it('are the activations of the layer that the manifest names', async () => {
    const running = engine.heatmaps(new Blob(), BOX);
    await settle();
    fake.release();
    expect(await running).toBe(MAPS);
    expect(fake.calls).toEqual(['activations maps']);
  });

  it('of a model without them are refused by name', async () => {
    Object.assign(fake.core, { info: { manifest: { id: 'plain', output: {} } } });
    await expect(engine.heatmaps(new Blob(), BOX)).rejects.toMatchObject({
      code: 'bad-option',
      message: 'model plain: has no heatmaps',
    });
  });

  it('need a box with a size', async () => {
    await expect(engine.heatmaps(new Blob(), { ...BOX, width: 0 })).rejects.toMatchObject({
      code: 'bad-option',
    });
  });
});
