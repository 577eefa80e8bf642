import { expect, test, vi } from 'vitest';
import type { Engine } from '../../engine';
import { EngineError } from '../../engine/errors';
import type { Tuning } from '../../engine/types';
import { EngineHost } from '../../services/engine/engine-host';
import { LiveEngine } from './live-engine';

const usual = { maxFaces: 2, smoothing: 0.5 };
/** Newcomers are searched for as seldom as ever, where a camera's frames do not wait. */
const liveUsual = { ...usual, newcomerIntervalMs: 1000 };
const film = { maxFaces: 4, signals: true, gaze: true, newcomerIntervalMs: 100 };

/** The app's own host, over an engine that notes what each frame was tracked under. */
function setUp(wanted: { signals: boolean; gaze: boolean }, isOffline = false) {
  let now: Tuning = {};
  const tracked: Tuning[] = [];
  const onNoGaze = vi.fn();
  const fake = {
    info: { backend: 'wasm', manifest: { id: 'lite' } },
    reset: async () => undefined,
    tune: async (tuning: Tuning) => {
      if (tuning.gaze && isOffline) throw new EngineError('download-failed', 'eye/model.json: offline');
      now = tuning;
    },
    track: async () => {
      tracked.push(now);
      return { faces: [] };
    },
  } as unknown as Engine;
  const host = new EngineHost({
    create: async () => fake,
    engineOptions: () => usual,
    firstModel: () => 'lite',
  });
  const engine = new LiveEngine(host, () => ({ ...usual, ...wanted }), onNoGaze);
  const { signal } = new AbortController();
  return {
    ...{ engine, tracked, onNoGaze, wanted },
    prepare: () => engine.prepare('lite', signal),
    track: () => engine.track('lite', signal)(async () => ({}) as ImageBitmap, 0),
    /** A frame of a film that is read beside it. */
    readFilm: () =>
      host.run({ model: 'lite', priority: 'batch', tuning: film }, (one) => one.track({} as ImageBitmap, 0)),
  };
}

test('signals are there from the frame on that is taken after something wants them', async () => {
  const { engine, prepare, track, tracked, wanted } = setUp({ signals: false, gaze: false });
  expect(await prepare()).toMatchObject({ backend: 'wasm' });
  await track();
  expect(engine.givesSignals).toBe(false);
  wanted.signals = true;
  expect(engine.givesSignals).toBe(false);
  await track();
  expect(engine.givesSignals).toBe(true);
  wanted.signals = false;
  await track();
  expect(engine.givesSignals).toBe(false);
  expect(tracked.map(({ signals }) => signals ?? false)).toEqual([false, true, false]);
});

test('frames are tracked as Live wants it, whatever a film beside it wants', async () => {
  const { prepare, track, readFilm, tracked } = setUp({ signals: true, gaze: false });
  await prepare();
  await track();
  await readFilm();
  await track();
  const live = { ...liveUsual, signals: true, gaze: false };
  expect(tracked).toEqual([live, { ...film, smoothing: 0.5 }, live]);
});

test('without the eye network the view goes on without gaze, and it is said why', async () => {
  const { prepare, track, tracked, onNoGaze } = setUp({ signals: true, gaze: true }, true);
  await prepare();
  expect(onNoGaze).toHaveBeenCalledWith(expect.objectContaining({ code: 'download-failed' }));
  await track();
  expect(tracked).toEqual([{ ...liveUsual, signals: true, gaze: false }]);
});
