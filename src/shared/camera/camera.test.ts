import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { constraintsOf } from './camera';

const size = { width: 640, height: 480 };

describe('camera constraints', () => {
  test('without a chosen camera the facing is a wish, so that a laptop without a back camera still opens one', () => {
    const [only, ...rest] = constraintsOf({ ...size, deviceId: null, facing: 'environment' });
    expect(rest).toEqual([]);
    expect(only).toEqual({
      audio: false,
      video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: { ideal: 'environment' } },
    });
  });

  test('a chosen camera is asked for exactly, then any', () => {
    const [first, second] = constraintsOf({ ...size, deviceId: 'abc', facing: 'user' });
    expect(first.video).toMatchObject({ deviceId: { exact: 'abc' } });
    expect(second.video).toMatchObject({ facingMode: { ideal: 'user' } });
    expect(second.video).not.toHaveProperty('deviceId');
  });
});

class FakeTrack extends EventTarget {
  readyState = 'live';
  label = 'Fake';
  muted = false;
  getSettings = () => ({ deviceId: 'fake' });
  stop() {
    this.readyState = 'ended';
  }
  endByItself() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeVideo extends EventTarget {
  readyState = 0;
  paused = true;
  isConnected = false;
  srcObject: unknown = null;
  play = () => Promise.reject(new DOMException('interrupted by a call to pause()', 'AbortError'));
  show() {
    this.readyState = 2;
    this.dispatchEvent(new Event('loadeddata'));
  }
}

const choice = { ...size, deviceId: null, facing: 'user' } as const;
/** Lets all that is on its way happen. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('opening a camera', () => {
  // Anew for each test: it remembers which camera is starting.
  let openCamera: (typeof import('./camera'))['openCamera'];
  let permission: PermissionState;
  let asked: { track: FakeTrack; give: () => void; giveStream: (stream: unknown) => void }[];
  let videos: FakeVideo[];
  beforeEach(async () => {
    vi.resetModules();
    ({ openCamera } = await import('./camera'));
    permission = 'granted';
    asked = [];
    videos = [];
    const getUserMedia = () =>
      new Promise((resolve) => {
        const track = new FakeTrack();
        const stream = { getTracks: () => [track], getVideoTracks: () => [track] };
        asked.push({ track, give: () => resolve(stream), giveStream: resolve });
      });
    vi.stubGlobal('navigator', {
      mediaDevices: { getUserMedia, enumerateDevices: async () => [] },
      permissions: { query: async () => ({ state: permission }) },
    });
    const createElement = () => {
      videos.push(new FakeVideo());
      return videos.at(-1);
    };
    vi.stubGlobal(
      'document',
      Object.assign(new EventTarget(), { visibilityState: 'visible', createElement }),
    );
  });
  afterEach(() => vi.unstubAllGlobals());

  const open = (signal?: AbortSignal, onEnded = vi.fn()) => {
    const opening = openCamera(choice, { onEnded }, signal);
    opening.catch(() => undefined);
    return { opening, onEnded };
  };
  /** Answers the newest request. */
  const answer = async () => {
    await turn();
    asked.at(-1)!.give();
    await turn();
  };

  test('one whose video may not play yet is open all the same', async () => {
    const { opening } = open();
    await answer();
    videos[0].show();
    expect((await opening).kind).toBe('camera');
  });

  test('one that goes away before its first picture says so at once', async () => {
    const { opening, onEnded } = open();
    await answer();
    asked[0].track.endByItself();
    await expect(opening).rejects.toMatchObject({ problem: 'unplugged' });
    expect(onEnded).not.toHaveBeenCalled();
  });

  test('one that gives sound alone has no picture, and is let go', async () => {
    const sound = new FakeTrack();
    const { opening } = open();
    await turn();
    asked[0].giveStream({ getTracks: () => [sound], getVideoTracks: () => [] });
    await expect(opening).rejects.toMatchObject({ problem: 'no-picture' });
    expect(sound.readyState).toBe('ended');
  });

  test('why one went away is told though the browser never lists the cameras', async () => {
    vi.stubGlobal('navigator', {
      ...navigator,
      mediaDevices: { ...navigator.mediaDevices, enumerateDevices: () => new Promise(() => undefined) },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { opening } = open();
      await vi.advanceTimersByTimeAsync(0);
      asked[0].give();
      await vi.advanceTimersByTimeAsync(0);
      asked[0].track.endByItself();
      await vi.advanceTimersByTimeAsync(2000);
      await expect(opening).rejects.toMatchObject({ problem: 'unplugged' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('one that goes away with its first picture is not taken for open', async () => {
    const { opening } = open();
    await answer();
    videos[0].show();
    asked[0].track.endByItself();
    await expect(opening).rejects.toMatchObject({ problem: 'unplugged' });
  });

  test('one that goes away later is told of once', async () => {
    const { opening, onEnded } = open();
    await answer();
    videos[0].show();
    await opening;
    asked[0].track.endByItself();
    await turn();
    expect(onEnded).toHaveBeenCalledOnce();
    expect(onEnded.mock.calls[0][0]).toMatchObject({ problem: 'unplugged' });
  });

  test('one that is not wanted any more is let go at once, before its first picture', async () => {
    const abort = new AbortController();
    const { opening } = open(abort.signal);
    await answer();
    abort.abort();
    await turn();
    expect(asked[0].track.readyState).toBe('ended');
    await expect(opening).rejects.toBe(abort.signal.reason);
  });

  test('phones open one at a time: another is asked for once the one before is let go', async () => {
    const aborts = [new AbortController(), new AbortController()];
    open(aborts[0].signal);
    await turn();
    aborts[0].abort();
    open(aborts[1].signal);
    aborts[1].abort();
    const { opening } = open();
    await turn();
    expect(asked).toHaveLength(1);
    await answer();
    expect(asked[0].track.readyState).toBe('ended');
    expect(asked).toHaveLength(2);
    await answer();
    videos.at(-1)!.show();
    await opening;
    expect(asked).toHaveLength(2);
  });

  test('one whose driver never answers keeps another waiting for a while only', async () => {
    vi.useFakeTimers();
    try {
      open();
      open();
      await vi.advanceTimersByTimeAsync(1000);
      expect(asked).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(asked).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test('one that a person is being asked for keeps no other waiting', async () => {
    permission = 'prompt';
    open();
    open();
    await turn();
    expect(asked).toHaveLength(2);
  });
});
