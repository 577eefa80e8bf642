import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../engine';
import { EngineError } from '../../../engine/errors';
import type { Tuning } from '../../../engine/types';
import type { FilmHost } from './host-tracker';
import { createHostTracker } from './host-tracker';

/** An engine that notes what it is asked. */
function engine(calls: string[], fails: { next: boolean }, isOffline: boolean): Engine {
  return {
    info: { manifest: { id: 'test' } },
    lost: false,
    tune: async (tuning: Tuning) => {
      if (tuning.gaze && isOffline) throw new EngineError('download-failed', 'eye/model.json: offline');
      calls.push(`tune ${JSON.stringify(tuning)}`);
    },
    reset: async () => void calls.push('reset'),
    track: async (_: ImageBitmap, timeMs: number) => {
      calls.push(`track ${timeMs}`);
      if (fails.next) {
        fails.next = false;
        throw new EngineError('context-lost', 'gone');
      }
      return { faces: [] };
    },
  } as unknown as Engine;
}

function setUp({ gaze = false, isOffline = false } = {}) {
  const calls: string[] = [];
  const fails = { next: false };
  const state = { engine: engine(calls, fails, isOffline), liveTurns: 0 };
  const host = {
    run: (_request: unknown, use: (one: Engine, signal: AbortSignal) => unknown) =>
      use(state.engine, new AbortController().signal),
    get liveTurns() {
      return state.liveTurns;
    },
    progress: null,
  } as unknown as FilmHost;
  const options = { model: null, maxFaces: 4, smoothing: 0.5 };
  const tracker = createHostTracker(host, options, () => ({ maxFaces: 1, smoothing: 0.2, gaze }));
  const track = (timeMs: number, isAnew = false) =>
    tracker.track(async () => ({}) as ImageBitmap, timeMs, isAnew, new AbortController().signal);
  return {
    calls,
    fails,
    state,
    tracker,
    track,
    replace: () => (state.engine = engine(calls, fails, isOffline)),
  };
}

const tuned = 'tune {"maxFaces":4,"smoothing":0.5,"signals":true,"gaze":true}';

describe("tracking on the app's engine", () => {
  it('tunes it once, begins anew where it is told, and gives Live its tuning back', async () => {
    const { calls, track, tracker } = setUp();
    await track(0, true);
    await track(40);
    await track(80, true);
    await tracker.release();
    expect(calls).toEqual([
      ...[tuned, 'reset', 'track 0', 'track 40', 'reset', 'track 80'],
      'tune {"maxFaces":1,"smoothing":0.2,"gaze":false}',
    ]);
  });

  it('begins anew after live frames, under the same epoch: ids go on', async () => {
    const { calls, state, track } = setUp();
    const first = await track(0, true);
    state.liveTurns += 3;
    const second = await track(40);
    await track(80);
    expect(calls).toEqual([tuned, 'reset', 'track 0', tuned, 'reset', 'track 40', 'track 80']);
    expect(second.epoch).toBe(first.epoch);
  });

  it('goes on with another engine under another epoch: its ids mean other faces', async () => {
    const { track, replace } = setUp();
    const first = await track(0, true);
    replace();
    expect((await track(40)).epoch).not.toBe(first.epoch);
  });

  it('leaves gaze on where Live wants it too', async () => {
    const { calls, track, tracker } = setUp({ gaze: true });
    await track(0, true);
    await tracker.release();
    expect(calls.at(-1)).toBe('tune {"maxFaces":1,"smoothing":0.2}');
  });

  it('goes on without gaze where its network cannot be had, and does not ask for it again', async () => {
    const { calls, state, tracker, track } = setUp({ isOffline: true });
    expect(tracker.lacksGaze).toBe(false);
    await track(0, true);
    state.liveTurns += 1;
    await track(40);
    const without = tuned.replace('"gaze":true', '"gaze":false');
    expect(calls).toEqual([without, 'reset', 'track 0', without, 'reset', 'track 40']);
    expect(tracker.lacksGaze).toBe(true);
  });

  it('tries a frame twice where the engine was lost over it, and no more', async () => {
    const { calls, fails, track } = setUp();
    fails.next = true;
    await track(0, true);
    expect(calls.filter((call) => call === 'track 0')).toHaveLength(2);
  });
});
