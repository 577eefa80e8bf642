import { expect, test } from 'vitest';
import type { Engine } from '../../engine';
import { EngineError } from '../../engine/errors';
import type { Tuning } from '../../engine/types';
import type { EngineHost, EngineRequest } from '../../services/engine-host.svelte';
import { LiveEngine } from './live-engine';

/** An engine that keeps what it was tuned to; `hold` delays what is asked of it. */
function fakeHost(isOffline = false) {
  const tuned: Tuning[] = [];
  let hold: Promise<unknown> = Promise.resolve();
  const engine = {
    info: { backend: 'wasm' },
    reset: async () => undefined,
    tune: async (tuning: Tuning) => {
      if (tuning.gaze && isOffline) throw new EngineError('download-failed', 'eye/model.json: offline');
      tuned.push(tuning);
    },
  } as unknown as Engine;
  const host = {
    run: async (_: EngineRequest, use: (engine: Engine, signal: AbortSignal) => Promise<unknown>) => {
      await hold;
      return use(engine, new AbortController().signal);
    },
  } as unknown as EngineHost;
  return { host, tuned, holdUntil: (promise: Promise<unknown>) => (hold = promise) };
}

const { signal } = new AbortController();

test('signals are asked for once when something wants them, and are there when the engine was told', async () => {
  const { host, tuned, holdUntil } = fakeHost();
  let signals = false;
  const engine = new LiveEngine(host, () => ({ maxFaces: 1, smoothing: 0.5, signals, gaze: false }));
  expect(await engine.prepare(null, signal)).toEqual({ backend: 'wasm' });
  expect([engine.isBehind, engine.givesSignals]).toEqual([false, false]);

  signals = true;
  expect(engine.isBehind).toBe(true);
  let release: (value: null) => void = () => undefined;
  holdUntil(new Promise<null>((resolve) => (release = resolve)));
  const tuning = engine.tune(null, signal);
  // Asked for already, though not there yet.
  expect([engine.isBehind, engine.givesSignals]).toEqual([false, false]);
  release(null);
  await tuning;
  expect(engine.givesSignals).toBe(true);
  expect(tuned.map((one) => one.signals)).toEqual([false, true]);

  signals = false;
  expect(engine.isBehind).toBe(true);
  await engine.tune(null, signal);
  expect([engine.isBehind, engine.givesSignals]).toEqual([false, false]);
});

test('an engine made anew is asked for what is wanted then', async () => {
  const { host, tuned } = fakeHost();
  const engine = new LiveEngine(host, () => ({ maxFaces: 2, smoothing: 0, signals: true, gaze: true }));
  await engine.prepare('lite', signal);
  expect(tuned).toEqual([{ maxFaces: 2, smoothing: 0, signals: true, gaze: true }]);
  expect([engine.isBehind, engine.givesSignals]).toEqual([false, true]);
});

test('gaze is asked for once it is wanted, while signals go on', async () => {
  const { host, tuned } = fakeHost();
  let gaze = false;
  const engine = new LiveEngine(host, () => ({ signals: true, gaze }));
  await engine.prepare('lite', signal);
  expect(engine.isBehind).toBe(false);
  gaze = true;
  expect(engine.isBehind).toBe(true);
  await engine.tune('lite', signal);
  expect([engine.isBehind, engine.givesSignals]).toEqual([false, true]);
  expect(tuned.map((one) => one.gaze)).toEqual([false, true]);
});

test('without the eye network the view goes on without gaze, and it is said why', async () => {
  const { host, tuned } = fakeHost(true);
  const told: unknown[] = [];
  const engine = new LiveEngine(host, () => ({ signals: true, gaze: true }), (thrown) => told.push(thrown)); // prettier-ignore
  await engine.prepare('lite', signal);
  expect(tuned).toEqual([{ signals: true, gaze: false }]);
  expect(engine.givesSignals).toBe(true);
  expect(told).toEqual([expect.objectContaining({ code: 'download-failed' })]);
});
