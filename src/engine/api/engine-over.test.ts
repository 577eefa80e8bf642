import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HandedPicture, Pipeline, PipelineInfo } from '../pipeline/types';
import { EngineError } from '../errors';
import type { Engine } from './engine';
import { createEngineOver } from './engine-over';
import { DISPOSE_GRACE_MS, UNRESPONSIVE_MS } from './limits';
import type { Inspection } from '../inspect/types';
import { createLink } from './link';
import type { Learned } from '../teach-types';
import type { Activations, DetectOptions, Result } from '../types';

const RESULT: Result = {
  timeMs: 0,
  faces: [],
  timings: { detectMs: 0, cropMs: 0, networkMs: 0, readBackMs: 0, filterMs: 0, totalMs: 0 },
  width: 1,
  height: 1,
};

const MAPS = { width: 1, height: 1, channels: 1 } as Activations;
const CROP = { a: 0.1, b: 0, c: 0, d: 0.1, e: 0, f: 0 };
const INSPECTION = { networkMs: 1 } as Inspection;
const BOX = { x: 0, y: 0, width: 10, height: 10 };

function fakeBitmap() {
  const bitmap = { width: 1, height: 1, closed: false, close: () => void (bitmap.closed = true) };
  return bitmap as typeof bitmap & ImageBitmap;
}

/** A pipeline that answers when told to, and closes its pictures as the real one does. */
const LEARNED: Learned = {
  file: new Uint8Array(1),
  report: { pictures: 1, marks: [1], leaveOneOut: null, learned: false, curve: [] },
};

function fakePipeline() {
  const calls: string[] = [];
  let release: (error?: Error) => void = () => {};
  let refuse: (error: Error) => void = () => {};
  const wait = (name: string, picture: HandedPicture) =>
    new Promise<Result>((resolve, reject) => {
      calls.push(name);
      refuse = reject;
      release = (error) => {
        if (picture.close) picture.bitmap.close();
        if (error) reject(error);
        else resolve(RESULT);
      };
    });
  const stops: string[] = [];
  const link = createLink(
    () => {},
    () => void stops.push('stop'),
  );
  const setInfo = (info: unknown) => link.events.onState({ info: info as PipelineInfo, lost: false });
  void setInfo({ manifest: { id: 'tiny', output: { heatmaps: 'maps' } } });
  const pipeline: Pipeline = {
    detect: (picture) => wait('detect', picture),
    landmarks: (picture) => wait('landmarks', picture),
    signals: async (picture) => {
      await wait('signals', picture);
      return [];
    },
    activations: async (picture, _, node) => {
      await wait(`activations ${node}`, picture);
      return MAPS;
    },
    network: async () => {
      calls.push('network');
      return { stages: [], stageMs: [], filters: null };
    },
    inspect: async (picture, _, nodes) => {
      await wait(`inspect ${nodes.join()}`, picture);
      return INSPECTION;
    },
    probe: async (picture, _, disturbances) => {
      await wait(`probe ${disturbances.length}`, picture);
      return [];
    },
    track: (picture) => wait('track', picture),
    tune: async () => void calls.push('tune'),
    calibrate: async () => void calls.push('calibrate'),
    reset: async () => void calls.push('reset'),
    learnStart: async () => void calls.push('learnStart'),
    learnFrom: async (picture) => {
      calls.push('learnFrom');
      picture.bitmap.close();
    },
    async learnRead() {
      await wait('learnRead', { bitmap: null as unknown as ImageBitmap, close: false });
      return 1;
    },
    learnStep: async () => LEARNED,
    learnEnd: async () => void calls.push('learnEnd'),
    memory: async () => {
      calls.push('memory');
      return { tensors: 7, gpuBytes: null };
    },
    abort: async () => void stops.push('abort'),
    async dispose() {
      calls.push('dispose');
      return { tensors: 7, gpuBytes: null };
    },
  };
  return {
    pipeline,
    link,
    setInfo,
    calls,
    stops,
    release: (error?: Error) => release(error),
    /** As a message that is not sent. */
    reject: (error: Error) => refuse(error),
  };
}

let fake: ReturnType<typeof fakePipeline>;
let engine: Engine;

beforeEach(() => {
  fake = fakePipeline();
  engine = createEngineOver(fake.pipeline, fake.link, { thread: 'page', threadReason: 'for the test' });
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

  it.each([
    ['nothing', undefined],
    ['a video', { width: 0, videoWidth: 640 }],
    ['a VideoFrame', { displayWidth: 640, displayHeight: 480, close() {} }],
    ['pixels', { width: 1, height: 1, data: new Uint8ClampedArray(4) }],
  ])('refuses what is no ImageBitmap by name, and says how to get one: %s', async (_, frame) => {
    const running = engine.track(frame as unknown as ImageBitmap, 0);
    await expect(running).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringMatching(/^frame: must be an ImageBitmap.*createImageBitmap/),
    });
    expect(engine.busy).toBe(false);
    expect(fake.calls).toEqual([]);
  });

  it('closes a frame of another origin, which no worker takes, and says why it cannot be read', async () => {
    const frame = fakeBitmap();
    const running = engine.track(frame, 0);
    await settle();
    // Chromium refuses the message, so that the pipeline never has the frame.
    fake.reject(new DOMException('Non-origin-clean ImageBitmap cannot be transferred.', 'DataCloneError'));
    await expect(running).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringMatching(/^frame: comes from another origin.*CORS.*Non-origin-clean/),
    });
    expect(frame.closed).toBe(true);
  });

  it('refuses a frame that was closed', async () => {
    const frame = Object.assign(fakeBitmap(), { width: 0, height: 0 });
    await expect(engine.track(frame, 0)).rejects.toMatchObject({
      code: 'bad-image',
      message: 'frame: has no pixels, or was closed already',
    });
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

  it("called off under way rejects with the signal's reason, whatever the pipeline ended with", async () => {
    vi.stubGlobal('createImageBitmap', async () => fakeBitmap());
    const calling = new AbortController();
    const photo = engine.detect(new Blob(), { signal: calling.signal });
    await settle();
    calling.abort();
    fake.release(new EngineError('internal', 'frame: broken off'));
    await expect(photo).rejects.toBe(calling.signal.reason);
    vi.unstubAllGlobals();
  });

  it.each([{ maxFaces: 0 }, { thorough: 1 }, { transfer: 1 }, { signal: {} }])(
    'refuses %j',
    async (options) => {
      const name = Object.keys(options)[0];
      await expect(engine.detect(new Blob(), options as DetectOptions)).rejects.toMatchObject({
        code: 'bad-option',
        message: expect.stringContaining(`option ${name}`),
      });
    },
  );

  it('says of a picture of another origin why it cannot be read, and closes its copy', async () => {
    const copy = fakeBitmap();
    vi.stubGlobal('createImageBitmap', async () => copy);
    const running = engine.detect(new Blob());
    await settle();
    const cause = new DOMException('The canvas has been tainted by cross-origin data.', 'SecurityError');
    fake.reject(new EngineError('internal', `frame: ${cause.message}`, { cause }));
    await expect(running).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringMatching(/^picture: comes from another origin/),
    });
    expect(copy.closed).toBe(true);
    vi.unstubAllGlobals();
  });

  it.each([
    ['detect', null],
    ['detect', 5],
    ['landmarks', null],
    ['activations', 'wasm'],
    ['inspect', []],
    ['probe', null],
    ['track', null],
    ['tune', null],
    ['network', null],
    ['memory', 5],
    ['learn', null],
  ] as const)('options that are none are refused by a rejection: %s, %o', async (name, options) => {
    const none = options as never;
    const frame = fakeBitmap();
    const calls: Record<typeof name, () => Promise<unknown>> = {
      detect: () => engine.detect(new Blob(), none),
      landmarks: () => engine.landmarks(new Blob(), [BOX], none),
      activations: () => engine.activations(new Blob(), BOX, 'maps', none),
      inspect: () => engine.inspect(new Blob(), CROP, [], none),
      probe: () => engine.probe(new Blob(), CROP, [], none),
      track: () => engine.track(frame, 0, none),
      tune: () => engine.tune(none),
      network: () => engine.network(none),
      memory: () => engine.memory(none),
      learn: () => engine.learn({ kind: 'points', scheme: null, marked: [] }, none),
    };
    let running: Promise<unknown> | null = null;
    expect(() => (running = calls[name]())).not.toThrow();
    await expect(running).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/^options: must be an object/),
    });
    expect(frame.closed).toBe(name === 'track');
    expect(fake.calls).toEqual([]);
  });

  it.each([
    ['boxes', () => engine.landmarks(new Blob(), undefined as never)],
    ['boxes[0]', () => engine.heatmaps(new Blob(), undefined as never)],
    ['node', () => engine.activations(new Blob(), BOX, undefined as never)],
    ['nodes', () => engine.inspect(new Blob(), CROP, 'conv1' as never)],
    ['crop', () => engine.inspect(new Blob(), undefined as never, [])],
    ['disturbances', () => engine.probe(new Blob(), CROP, undefined as never)],
    ['request', () => engine.learn(undefined as never)],
    ['marked', () => engine.learn({ kind: 'points', scheme: null } as never)],
    ['marked[0]', () => engine.learn({ kind: 'points', scheme: null, marked: [null] } as never)],
  ])('an argument that is missing is named: %s', async (name, call) => {
    await expect(call()).rejects.toMatchObject({
      code: 'bad-option',
      message: expect.stringContaining(`${name}: must be`),
    });
    expect(fake.calls).toEqual([]);
  });

  it('names a picture that cannot be decoded', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('no picture')));
    await expect(engine.detect(new Blob())).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringMatching(/no picture/),
    });
    vi.unstubAllGlobals();
  });
});

it("info stays the same object until the pipeline's changes", () => {
  const before = engine.info;
  expect(engine.info).toBe(before);
  void fake.setInfo({ backend: 'wasm' });
  expect(engine.info).toEqual({ backend: 'wasm', thread: 'page', threadReason: 'for the test' });
  expect(engine.info).toBe(engine.info);
});

it('landmarks names a box without a size', async () => {
  const box = { x: 0, y: 0, width: 0, height: 5 };
  await expect(engine.landmarks(new Blob(), [box])).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringMatching(/boxes\[0\]/),
  });
});

it('signals names points and spreads that are not of 68', async () => {
  const points = new Float32Array(136);
  const bad = { code: 'bad-option' };
  const told = (face: { points: Float32Array; spread: Float32Array | null }) =>
    engine.signals(new Blob(), [{ points, spread: null }, face]);
  await expect(told({ points: new Float32Array(10), spread: null })).rejects.toMatchObject({ ...bad, message: expect.stringMatching(/faces\[1\]\.points: .*has 10/) }); // prettier-ignore
  await expect(told({ points, spread: points })).rejects.toMatchObject({
    ...bad,
    message: expect.stringMatching(/faces\[1\]\.spread/),
  });
  expect(fake.calls).toEqual([]);
});

it('tune refuses what is out of range', async () => {
  await expect(engine.tune({ maxFaces: 0 })).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringMatching(/maxFaces/),
  });
  await expect(engine.tune({ smoothing: Number.NaN })).rejects.toMatchObject({ code: 'bad-option' });
  expect(fake.calls).toEqual([]);
});

it('memory is read between two calls, not within one', async () => {
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
    void fake.setInfo({ manifest: { id: 'plain', output: {} } });
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

describe('an abort', () => {
  it('frees the place in the queue at once, and the next call comes up', async () => {
    const running = engine.track(fakeBitmap(), 0);
    const calling = new AbortController();
    const waiting = engine.tune({ smoothing: 1 }, { signal: calling.signal });
    const behind = engine.reset();
    await settle();
    calling.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    fake.release();
    await Promise.all([running, behind]);
    expect(fake.calls).toEqual(['track', 'reset']);
  });

  it('ends the call under way, and rejects it before it has ended', async () => {
    const calling = new AbortController();
    const running = engine.track(fakeBitmap(), 0, { signal: calling.signal });
    calling.abort();
    await expect(running).rejects.toBe(calling.signal.reason);
    expect(fake.stops).toEqual(['abort']);
    expect(engine.busy).toBe(true);
    fake.release(new EngineError('internal', 'frame: ended'));
    await settle();
    expect(engine.busy).toBe(false);
    expect(engine.lost).toBe(false);
  });

  it.each([
    'detect',
    'landmarks',
    'signals',
    'heatmaps',
    'activations',
    'network',
    'inspect',
    'probe',
    'track',
    'tune',
    'calibrate',
    'reset',
    'memory',
  ] as const)('that came before %s leaves nothing to do', async (name) => {
    const signal = AbortSignal.abort(new Error('too late'));
    const frame = fakeBitmap();
    const calls: Record<typeof name, () => Promise<unknown>> = {
      detect: () => engine.detect(new Blob(), { signal }),
      landmarks: () => engine.landmarks(new Blob(), [BOX], { signal }),
      signals: () => engine.signals(new Blob(), [], { signal }),
      heatmaps: () => engine.heatmaps(new Blob(), BOX, { signal }),
      activations: () => engine.activations(new Blob(), BOX, 'maps', { signal }),
      network: () => engine.network({ signal }),
      inspect: () => engine.inspect(new Blob(), CROP, [], { signal }),
      probe: () => engine.probe(new Blob(), CROP, [], { signal }),
      track: () => engine.track(frame, 0, { signal }),
      tune: () => engine.tune({}, { signal }),
      calibrate: () => engine.calibrate({ signal }),
      reset: () => engine.reset({ signal }),
      memory: () => engine.memory({ signal }),
    };
    await expect(calls[name]()).rejects.toThrow('too late');
    expect(fake.calls).toEqual([]);
    expect(frame.closed).toBe(name === 'track');
    expect(engine.busy).toBe(false);
  });
});

describe('a decoded picture', () => {
  beforeEach(() => {
    vi.stubGlobal('ImageBitmap', function ImageBitmap() {});
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('copied')));
  });
  afterEach(() => vi.unstubAllGlobals());
  const bitmap = () =>
    Object.setPrototypeOf(fakeBitmap(), ImageBitmap.prototype) as ReturnType<typeof fakeBitmap>;

  it.each([false, true])(
    'is not copied; with transfer %s the engine closes it or does not',
    async (transfer) => {
      const picture = bitmap();
      const running = engine.detect(picture, { transfer });
      await settle();
      fake.release();
      expect(await running).toBe(RESULT);
      expect(picture.closed).toBe(transfer);
    },
  );

  it.each([false, true])('that was closed is refused; with transfer %s', async (transfer) => {
    const picture = Object.assign(bitmap(), { width: 0, height: 0 });
    await expect(engine.detect(picture, { transfer })).rejects.toMatchObject({
      code: 'bad-image',
      message: 'picture: has no pixels, or was closed already',
    });
    expect(fake.calls).toEqual([]);
  });

  it('that was handed over is closed also when the call is refused', async () => {
    const picture = bitmap();
    await expect(engine.detect(picture, { transfer: true, maxFaces: 0 })).rejects.toThrow('maxFaces');
    expect(picture.closed).toBe(true);
  });
});

describe('a call that never returns', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is noticed in time: it and what waits reject, the engine is lost and its thread stopped', async () => {
    const running = engine.track(fakeBitmap(), 0).catch((error: unknown) => error);
    const waiting = engine.reset().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(UNRESPONSIVE_MS);
    expect(await running).toMatchObject({ code: 'unresponsive' });
    expect(await waiting).toMatchObject({ code: 'unresponsive' });
    expect(engine.lost).toBe(true);
    expect(fake.stops).toEqual(['stop']);
    await engine.dispose();
    expect(await engine.memory()).toEqual({ tensors: 0, gpuBytes: null });
  });

  it('is not one that shows signs of life', async () => {
    const running = engine.track(fakeBitmap(), 0);
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(0.8 * UNRESPONSIVE_MS);
      fake.link.events.onAlive();
    }
    fake.release();
    expect(await running).toBe(RESULT);
    expect(engine.lost).toBe(false);
    await vi.advanceTimersByTimeAsync(2 * UNRESPONSIVE_MS);
    expect(engine.lost).toBe(false);
  });

  it('does not keep dispose waiting', async () => {
    const running = engine.track(fakeBitmap(), 0).catch((error: unknown) => error);
    const waiting = engine.reset().catch((error: unknown) => error);
    const disposal = engine.dispose();
    expect(await waiting).toMatchObject({ code: 'disposed' });
    await vi.advanceTimersByTimeAsync(DISPOSE_GRACE_MS);
    await disposal;
    expect(await running).toMatchObject({ code: 'disposed' });
    expect(fake.stops).toEqual(['stop']);
  });
});

it('a thread that ends by itself takes all calls with it', async () => {
  const running = engine.track(fakeBitmap(), 0);
  fake.link.end(new EngineError('worker-failed', 'worker: ended before its time'));
  await expect(running).rejects.toMatchObject({ code: 'worker-failed' });
  expect(engine.lost).toBe(true);
  await expect(engine.reset()).rejects.toMatchObject({ code: 'worker-failed' });
  await engine.dispose();
});
