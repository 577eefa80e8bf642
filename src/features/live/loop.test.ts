import { describe, expect, test, vi } from 'vitest';
import type { FrameSource } from '../../shared/camera/source';
import { EngineError } from '../../engine/errors';
import type { Result } from '../../engine/types';
import { createFrameMeter } from './meter';
import { startLiveLoop } from './loop';

const timings = { detectMs: 0, cropMs: 1, networkMs: 2, readBackMs: 3, filterMs: 4, totalMs: 10 };
const resultAt = (timeMs: number): Result => ({ timeMs, faces: [], timings, width: 4, height: 3 });

/** A source that shows a picture when told to, and an engine that answers when told to. */
function setUp() {
  let show: (timeMs: number) => void = () => undefined;
  const source = {
    onFrame: (callback: (timeMs: number) => void) => {
      show = callback;
      return () => (show = () => undefined);
    },
  } as Partial<FrameSource> as FrameSource;
  const pending: { timeMs: number; answer: () => void; fail: (error: Error) => void }[] = [];
  const track = vi.fn(async (grab: () => Promise<ImageBitmap>, timeMs: number) => {
    await grab();
    return new Promise<Result | null>((resolve, reject) => {
      pending.push({ timeMs, answer: () => resolve(resultAt(timeMs)), fail: reject });
    });
  });
  const onResult = vi.fn();
  const onFailed = vi.fn();
  const meter = createFrameMeter();
  const loop = startLiveLoop(source, track, meter, { onResult, onFailed }, async () => ({}) as ImageBitmap);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { show: (timeMs: number) => show(timeMs), pending, track, onResult, onFailed, meter, loop, settle };
}

describe('live loop', () => {
  test('has one frame in flight and drops what comes meanwhile', async () => {
    const { show, pending, track, onResult, meter, settle } = setUp();
    show(0);
    show(33);
    await settle();
    show(66);
    expect(track).toHaveBeenCalledTimes(1);
    pending[0].answer();
    await settle();
    show(100);
    await settle();
    pending[1].answer();
    await settle();
    expect(onResult.mock.calls.map(([result]) => result.timeMs)).toEqual([0, 100]);
    expect(meter.read(performance.now())).toMatchObject({ framesPerSecond: 2, droppedPerSecond: 2 });
  });

  test('goes on after a bad frame, and ends once after three in a row', async () => {
    const { show, pending, onResult, onFailed, settle } = setUp();
    const outcomes = ['fail', 'fail', 'answer', 'fail', 'fail'] as const;
    for (const [i, outcome] of outcomes.entries()) {
      show(i);
      await settle();
      pending[i][outcome](new Error(`bad frame ${i}`));
      await settle();
    }
    expect(onFailed).not.toHaveBeenCalled();
    show(5);
    await settle();
    pending[5].fail(new Error('bad frame 5'));
    await settle();
    expect(onFailed).toHaveBeenCalledExactlyOnceWith(new Error('bad frame 5'));
    expect(onResult).toHaveBeenCalledTimes(1);
    show(6);
    await settle();
    expect(pending).toHaveLength(6);
  });

  test('ends at once when the engine is gone', async () => {
    const { show, pending, onFailed, settle } = setUp();
    show(0);
    await settle();
    pending[0].fail(new EngineError('unresponsive', 'worker: gave no answer'));
    await settle();
    expect(onFailed).toHaveBeenCalledTimes(1);
  });

  test('a result that comes after stop is not handed on', async () => {
    const { show, pending, onResult, loop, settle } = setUp();
    show(0);
    await settle();
    loop.stop();
    pending[0].answer();
    await settle();
    expect(onResult).not.toHaveBeenCalled();
  });

  test('trackNow waits its turn and hands out the picture, also while the loop does not follow', async () => {
    const { show, pending, loop, settle } = setUp();
    show(0);
    await settle();
    loop.setFollowing(false);
    const withPicture = vi.fn();
    const snapshot = loop.trackNow(withPicture);
    await settle();
    expect(withPicture).not.toHaveBeenCalled();
    pending[0].answer();
    await settle();
    expect(withPicture).toHaveBeenCalledTimes(1);
    pending[1].answer();
    expect(await snapshot).toMatchObject({ faces: [] });
    show(50);
    await settle();
    expect(pending).toHaveLength(2);
  });
});

describe('frame meter', () => {
  test('means the last second, and detection over the frames that detected', () => {
    const meter = createFrameMeter();
    meter.addResult(resultAt(0), 0);
    meter.addResult({ ...resultAt(1), timings: { ...timings, detectMs: 30 } }, 1500);
    meter.addResult({ ...resultAt(2), timings: { ...timings, networkMs: 6 } }, 1600);
    meter.addDraw(2, 1600);
    const reading = meter.read(2000);
    expect(reading.framesPerSecond).toBe(2);
    expect(reading.timings).toMatchObject({ detectMs: 30, networkMs: 4, cropMs: 1 });
    expect(reading.drawMs).toBe(2);
    expect(meter.read(9000)).toMatchObject({ framesPerSecond: 0, drawMs: 0 });
  });
});
