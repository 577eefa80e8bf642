import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../engine';
import { EngineError } from '../../../engine/errors';
import type { Tuning } from '../../../engine/types';
import { EngineHost } from '../../../services/engine/engine-host';
import { createHostTracker } from './host-tracker';

/** The app's own host, over engines that note what they are asked. */
function setUp({ isOffline = false } = {}) {
  const calls: string[] = [];
  const fails = { next: false };
  const state = { lost: false };
  const create = async () => {
    state.lost = false;
    return {
      info: { manifest: { id: 'test' } },
      get lost() {
        return state.lost;
      },
      tune: async (tuning: Tuning) => {
        if (tuning.gaze && isOffline) throw new EngineError('download-failed', 'eye/model.json: offline');
        calls.push(`tune ${JSON.stringify(tuning)}`);
      },
      reset: async () => void calls.push('reset'),
      track: async (_: ImageBitmap, timeMs: number) => {
        calls.push(`track ${timeMs}`);
        if (fails.next) {
          fails.next = false;
          state.lost = true;
          throw new EngineError('context-lost', 'gone');
        }
        return { faces: [] };
      },
      dispose: async () => undefined,
    } as unknown as Engine;
  };
  const engineOptions = () => ({ maxFaces: 1, smoothing: 0.2 });
  const host = new EngineHost({ create, engineOptions, firstModel: () => 'test' });
  const tracker = createHostTracker(host, { model: null, maxFaces: 4, smoothing: 0.5 });
  const track = (timeMs: number, isAnew = false) =>
    tracker.track(async () => ({}) as ImageBitmap, timeMs, isAnew, new AbortController().signal);
  return {
    ...{ calls, fails, tracker, track },
    /** A frame of Live, or a picture of Photos. */
    use: (priority: 'live' | 'viewed') =>
      host.run({ model: null, priority }, async () => void calls.push(priority)),
    replace: () => (state.lost = true),
  };
}

const film = 'tune {"maxFaces":4,"smoothing":0.5,"signals":true,"gaze":true,"newcomerIntervalMs":100}';
const usual = 'tune {"maxFaces":1,"smoothing":0.2,"signals":false,"gaze":false,"newcomerIntervalMs":1000}';

describe("tracking on the app's engine", () => {
  it('tunes it once, and begins anew where it is told', async () => {
    const { calls, track } = setUp();
    await track(0, true);
    await track(40);
    await track(80, true);
    expect(calls).toEqual([film, 'reset', 'track 0', 'track 40', 'reset', 'track 80']);
  });

  it('leaves nothing of its tuning to live frames and pictures between, nor after its end', async () => {
    const { calls, track, use } = setUp();
    await track(0, true);
    await use('viewed');
    await track(40);
    await use('live');
    expect(calls).toEqual([
      ...[film, 'reset', 'track 0'],
      ...[usual, 'viewed'],
      ...[film, 'track 40'],
      ...[usual, 'live'],
    ]);
  });

  it('begins anew after live frames, under the same epoch: ids go on', async () => {
    const { calls, track, use } = setUp();
    const first = await track(0, true);
    await use('live');
    const second = await track(40);
    await track(80);
    expect(calls.filter((call) => !call.startsWith('tune'))).toEqual([
      ...['reset', 'track 0', 'live', 'reset', 'track 40', 'track 80'],
    ]);
    expect(second.epoch).toBe(first.epoch);
  });

  it('goes on with another engine under another epoch: its ids mean other faces', async () => {
    const { track, replace } = setUp();
    const first = await track(0, true);
    replace();
    expect((await track(40)).epoch).not.toBe(first.epoch);
  });

  it('goes on without gaze where its network cannot be had, and does not ask for it again', async () => {
    const { calls, track, tracker, use } = setUp({ isOffline: true });
    expect(tracker.lacksGaze).toBe(false);
    await track(0, true);
    await use('live');
    await track(40);
    const without = film.replace('"gaze":true', '"gaze":false');
    expect(calls).toEqual([without, 'reset', 'track 0', usual, 'live', without, 'reset', 'track 40']);
    expect(tracker.lacksGaze).toBe(true);
  });

  it('tries a frame twice where the engine was lost over it, and no more', async () => {
    const { calls, fails, track } = setUp();
    fails.next = true;
    await track(0, true);
    expect(calls.filter((call) => call === 'track 0')).toHaveLength(2);
  });
});
