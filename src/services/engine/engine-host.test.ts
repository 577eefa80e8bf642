import { afterEach, describe, expect, test, vi } from 'vitest';
import { heldWork, settle } from '../../../tests/fixtures/held-work';
import type { Engine } from '../../engine';
import { EngineError } from '../../engine/errors';
import type { EngineOptions, Progress, Tuning } from '../../engine/types';
import { EngineReplacedError, isEngineGone } from './engine-gone';
import { EngineHost } from './engine-host';
import { ABORT_GRACE_MS, MAX_TURN_MS, type EnginePriority } from './turn-limit';

type Fake = { lost: boolean } & Engine;

interface Making {
  readonly options: EngineOptions;
  readonly engine: Fake;
  finish(): void;
  fail(): void;
}

/** A host whose engines are ready when told to; model ids are those asked for, `first` where none is named. */
function setUp({ isInstant = true } = {}) {
  const made: Making[] = [];
  const asked = {
    backend: 'auto' as EngineOptions['backend'],
    detector: undefined as EngineOptions['detector'],
    firstModel: null as string | null,
    maxFaces: 2,
  };
  /** What engines were tuned to, and the fate of the next tuning. */
  const tuned: Tuning[] = [];
  const tuning = { fails: null as ((tuning: Tuning) => unknown) | null };
  const create = (options: EngineOptions) =>
    new Promise<Engine>((resolve, reject) => {
      const info = { manifest: { id: options.model ?? 'first' } };
      const tune = async (wanted: Tuning) => {
        const thrown = tuning.fails?.(wanted);
        if (thrown) throw thrown;
        tuned.push(wanted);
      };
      const dispose = vi.fn(async () => undefined);
      const engine = { lost: false, info, tune, dispose } as unknown as Fake;
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
      made.push({ options, engine, finish: () => resolve(engine), fail: () => reject(new Error('no')) });
      if (isInstant) resolve(engine);
    });
  const host = new EngineHost({
    create,
    engineOptions: () => {
      const { backend, detector, maxFaces } = asked;
      return { backend, detector, thread: 'auto', maxFaces, smoothing: 0.5 };
    },
    firstModel: () => asked.firstModel,
  });
  return { host, made, asked, tuned, tuning };
}

const request = (model: string | null, priority: EnginePriority = 'batch') => ({ model, priority });

const work = <T>(result: T, order?: T[]) => heldWork<[Engine, AbortSignal], T>(result, order);

describe('engine host: one engine', () => {
  test('is shared by all who want the same model', async () => {
    const { host, made } = setUp();
    const engines = await Promise.all([
      host.run(request('a'), async (engine) => engine),
      host.run(request('a', 'live'), async (engine) => engine),
    ]);
    expect(engines).toEqual([made[0].engine, made[0].engine]);
    expect(made[0].options).toMatchObject({ model: 'a', maxFaces: 2, smoothing: 0.5 });
  });

  test('the first model is the same whether it is named or not', async () => {
    const { host, made, asked } = setUp();
    await host.run(request(null), async () => undefined);
    await host.run(request('first'), async () => undefined);
    expect(made).toHaveLength(1);
    await host.run(request('b'), async () => undefined);
    asked.firstModel = 'b';
    await host.run(request(null), async () => undefined);
    expect(made).toHaveLength(2);
  });

  test('makes way for another model, another backend or another detector', async () => {
    const { host, made, asked } = setUp();
    await host.run(request('a'), async () => undefined);
    await host.run(request('b'), async () => undefined);
    expect(made[0].engine.dispose).toHaveBeenCalledTimes(1);
    asked.backend = 'wasm';
    await host.run(request('b'), async () => undefined);
    asked.detector = 'blazeface';
    await host.run(request('b'), async () => undefined);
    await host.run(request('b'), async () => undefined);
    expect(made.map(({ options }) => [options.model, options.backend, options.detector])).toEqual([
      ['a', 'auto', undefined],
      ['b', 'auto', undefined],
      ['b', 'wasm', undefined],
      ['b', 'wasm', 'blazeface'],
    ]);
  });

  test('stands beside a second one for another model, until that is released', async () => {
    const { host, made } = setUp();
    const beside = { ...request('b'), slot: 'beside' } as const;
    await host.run(request('a'), async () => undefined);
    expect(await host.run(beside, async (engine) => engine)).toBe(made[1].engine);
    expect(await host.run(request('a'), async (engine) => engine)).toBe(made[0].engine);
    expect(await host.run(beside, async (engine) => engine)).toBe(made[1].engine);
    host.release('beside');
    expect(made.map(({ engine }) => vi.mocked(engine.dispose).mock.calls.length)).toEqual([0, 1]);
    await host.run(beside, async () => undefined);
    expect(made.map(({ options }) => options.model)).toEqual(['a', 'b', 'b']);
  });

  test('that is lost, hangs on disposal or is discarded is followed by another', async () => {
    const { host, made } = setUp();
    await host.run(request('a'), async () => undefined);
    made[0].engine.lost = true;
    made[0].engine.dispose = () => new Promise(() => {});
    expect(await host.run(request('a'), async (engine) => engine)).toBe(made[1].engine);
    host.discard();
    expect(made[1].engine.dispose).not.toHaveBeenCalled();
    expect(await host.run(request('a'), async (engine) => engine)).toBe(made[2].engine);
    expect(made[1].engine.dispose).toHaveBeenCalledTimes(1);
  });

  test('is not made for who wants it only as it is there', async () => {
    const { host, made } = setUp();
    const only = { ...request('a', 'live'), isLoadedOnly: true };
    await host.run(request('a'), async () => undefined);
    expect(await host.run(only, async (engine) => engine)).toBe(made[0].engine);
    made[0].engine.lost = true;
    const lost = await host.run(only, async () => undefined).catch((thrown: unknown) => thrown);
    expect([isEngineGone(lost), lost]).toEqual([true, expect.objectContaining({ code: 'worker-failed' })]);
    await host.run(request('b'), async () => undefined);
    const replaced = await host.run(only, async () => undefined).catch((thrown: unknown) => thrown);
    expect([isEngineGone(replaced), replaced]).toEqual([true, expect.any(EngineReplacedError)]);
    expect(made).toHaveLength(2);
  });

  test('that cannot be made is told once; the next request tries again', async () => {
    const { host, made } = setUp({ isInstant: false });
    const first = host.run(request('a'), async () => 1);
    await settle();
    made[0].fail();
    await expect(first).rejects.toThrow('no');
    const second = host.run(request('a'), async () => 2);
    await settle();
    made[1].finish();
    expect(await second).toBe(2);
  });

  test('tells how far it is while it is made', async () => {
    const { host, made } = setUp({ isInstant: false });
    const done = host.run(request('a'), async () => undefined);
    await settle();
    const step: Progress = { kind: 'warm-up', done: 1, total: 2 };
    made[0].options.onProgress?.(step);
    expect(host.progress).toEqual(step);
    made[0].finish();
    await done;
    expect(host.progress).toBeNull();
  });
});

describe('engine host: turns', () => {
  test('a live frame comes before the viewed picture, and that before the batch', async () => {
    const { host } = setUp();
    const order: string[] = [];
    const first = work('under way', order);
    const all = [host.run(request('a'), first.use)];
    await settle();
    for (const priority of ['batch', 'viewed', 'live'] as const)
      all.push(host.run(request('a', priority), async () => `${order.push(priority)}`));
    first.release();
    await Promise.all(all);
    expect(order).toEqual(['under way', 'live', 'viewed', 'batch']);
  });

  test('an abort reaches the call under way, and the making of an engine', async () => {
    const { host, made } = setUp({ isInstant: false });
    const abort = new AbortController();
    const making = host.run({ ...request('a'), signal: abort.signal }, async () => undefined);
    await settle();
    abort.abort(new Error('not wanted'));
    await expect(making).rejects.toThrow('not wanted');
    expect(made[0].options.signal?.aborted).toBe(true);

    const second = new AbortController();
    const call = work('call');
    const calling = host.run({ ...request('a'), signal: second.signal }, call.use);
    await settle();
    made[1].finish();
    await settle();
    second.abort(new Error('enough'));
    await expect(calling).rejects.toThrow('enough');
    expect(call.use.mock.calls[0][1].aborted).toBe(true);
  });

  test('an engine that is never ready does not hold up who comes after an abort, and one that comes late is disposed of', async () => {
    const { host, made } = setUp({ isInstant: false });
    const abort = new AbortController();
    const first = host.run({ ...request('a'), signal: abort.signal }, async () => undefined);
    await settle();
    abort.abort(new Error('not wanted'));
    await expect(first).rejects.toThrow('not wanted');
    const second = host.run(request('b'), async (engine) => engine);
    await settle();
    made[1].finish();
    expect(await second).toBe(made[1].engine);
    made[0].finish();
    await settle();
    expect(made[1].engine.dispose).not.toHaveBeenCalled();
  });
});

describe('engine host: tuning', () => {
  const usual = { maxFaces: 2, smoothing: 0.5, signals: false, gaze: false, newcomerIntervalMs: 1000 };
  const film = { maxFaces: 4, smoothing: 0.2, signals: true, gaze: true, newcomerIntervalMs: 200 };
  const offline = new EngineError('download-failed', 'eye/model.json: offline');
  const nothing = async () => undefined;

  test('each turn runs under its own, or the usual one, and the engine is told only where it has another', async () => {
    const { host, tuned } = setUp();
    const seen: (readonly Tuning[])[] = [];
    const look = async () => void seen.push([...tuned]);
    await host.run(request('a'), look);
    await host.run({ ...request('a'), tuning: film }, look);
    await host.run({ ...request('a'), tuning: film }, look);
    await host.run({ ...request('a', 'live'), tuning: { signals: true } }, look);
    await host.run(request('a'), look);
    await host.run(request('a'), look);
    const live = { ...usual, signals: true };
    expect(seen).toEqual([[], [film], [film], [film, live], [film, live, usual], [film, live, usual]]);
  });

  test('the usual one follows the settings', async () => {
    const { host, asked, tuned } = setUp();
    await host.run(request('a'), nothing);
    asked.maxFaces = 3;
    await host.run(request('a'), nothing);
    expect(tuned).toEqual([{ ...usual, maxFaces: 3 }]);
  });

  test('an engine made anew, and one beside it, know nothing of what others were told', async () => {
    const { host, made, tuned } = setUp();
    await host.run({ ...request('a'), tuning: film }, nothing);
    await host.run({ ...request('b'), slot: 'beside' }, nothing);
    expect(tuned).toEqual([film]);
    made[0].engine.lost = true;
    await host.run({ ...request('a'), tuning: film }, nothing);
    expect(tuned).toEqual([film, film]);
  });

  test('without the eye network a turn runs without gaze, and who asked is told why', async () => {
    const { host, tuned, tuning } = setUp();
    tuning.fails = ({ gaze }) => gaze && offline;
    const told: unknown[] = [];
    const asking = { ...request('a'), tuning: film, onNoGaze: (thrown: unknown) => told.push(thrown) };
    expect(await host.run(asking, async () => 'done')).toBe('done');
    const without = { ...film, gaze: false };
    expect([told, tuned]).toEqual([[offline], [without]]);
    await host.run({ ...request('a'), tuning: without }, nothing);
    expect(tuned).toEqual([without]);
  });

  test('a tuning that fails fails its turn, and is done again', async () => {
    const { host, tuned, tuning } = setUp();
    tuning.fails = () => new Error('no expression');
    const use = vi.fn(nothing);
    await expect(host.run({ ...request('a'), tuning: film }, use)).rejects.toThrow('no expression');
    expect(use).not.toHaveBeenCalled();
    tuning.fails = null;
    await host.run(request('a'), nothing);
    expect(tuned).toEqual([usual]);
  });
});

describe('engine host: what hangs', () => {
  afterEach(() => vi.useRealTimers());
  const never = () => new Promise<never>(() => {});

  test('a turn that never ends is told within the stated time, and the next gets another engine', async () => {
    vi.useFakeTimers();
    const { host, made } = setUp();
    const hung = host.run(request('a', 'live'), never).catch((thrown: unknown) => thrown);
    const next = host.run(request('a', 'live'), async (engine) => engine);
    await vi.advanceTimersByTimeAsync(MAX_TURN_MS.live);
    expect(await hung).toMatchObject({ code: 'unresponsive' });
    expect(await next).toBe(made[1].engine);
    expect(made[0].engine.dispose).toHaveBeenCalledTimes(1);
  });

  test('a tuning that never ends is told within the same time', async () => {
    vi.useFakeTimers();
    const { host, made } = setUp();
    await host.run(request('a'), async () => undefined);
    made[0].engine.tune = never;
    const tuning = { signals: true };
    const hung = host.run({ ...request('a', 'live'), tuning }, never).catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(MAX_TURN_MS.live);
    expect(await hung).toMatchObject({ code: 'unresponsive' });
  });

  test('a call that does not heed its abort holds the place for a few seconds at most', async () => {
    vi.useFakeTimers();
    const { host, made } = setUp();
    const abort = new AbortController();
    const deaf = host.run({ ...request('a'), signal: abort.signal }, never);
    const told = expect(deaf).rejects.toThrow('not wanted');
    await vi.advanceTimersByTimeAsync(10);
    abort.abort(new Error('not wanted'));
    await told;
    const next = host.run(request('a'), async (engine) => engine);
    await vi.advanceTimersByTimeAsync(ABORT_GRACE_MS);
    expect(await next).toBe(made[1].engine);
  });
});
