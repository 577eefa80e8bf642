import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Manifest, Result, Scheme } from '../../../engine/types';
import { restoreBackup, saveBackup } from '../../../services/backup';
import { createRecordingsPart } from './recordings-part';
import { Recordings } from './recordings.svelte';

const scheme = { id: 'one', pointCount: 1, names: ['tip'], edges: [], groups: {} } as unknown as Scheme;
const manifest = { id: 'one', scheme } as unknown as Manifest;
const style = { overlay: 'points', groups: false, numbers: false, spread: 'off' } as const;
const timings = { detectMs: 0, cropMs: 0, networkMs: 0, readBackMs: 0, filterMs: 0, totalMs: 0 };

/** What was drawn, as the transform in force and the frame's size. */
let drawn: { transform: number[]; width: number; height: number }[] = [];

function fakeCanvas() {
  let transform = [1, 0, 0, 1, 0, 0];
  const context = new Proxy(
    {
      setTransform: (...next: number[]) => (transform = next),
      drawImage: ({ width, height }: { width: number; height: number }) =>
        drawn.push({ transform, width, height }),
    } as Record<string, unknown>,
    { get: (target, name: string) => target[name] ?? (() => undefined), set: () => true },
  );
  return {
    width: 0,
    height: 0,
    getContext: () => context,
    captureStream: () => ({ getTracks: () => [] }),
  };
}

class FakeRecorder extends EventTarget {
  static isTypeSupported = () => true;
  state = 'inactive';
  start() {
    this.state = 'recording';
  }
  pause() {
    this.state = 'paused';
  }
  resume() {
    this.state = 'recording';
  }
  requestData() {}
  stop() {
    this.state = 'inactive';
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob(['video']) }));
    this.dispatchEvent(new Event('stop'));
  }
}

beforeEach(() => {
  drawn = [];
  vi.stubGlobal('document', { addEventListener: () => undefined, hidden: false, createElement: fakeCanvas });
  vi.stubGlobal(
    'HTMLCanvasElement',
    class {
      captureStream() {}
    },
  );
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  vi.stubGlobal('devicePixelRatio', 1);
  vi.stubGlobal('indexedDB', undefined);
});
afterEach(() => vi.unstubAllGlobals());

const scene = { width: 640, height: 480, mirrored: false, manifest };
const frame = (width: number, height: number) => ({ width, height }) as ImageBitmap;
const result = (width: number, height: number, x: number, y: number): Result => ({
  ...{ timeMs: 0, timings, width, height },
  faces: [
    {
      ...{ id: 1, score: 1, box: { x: 0, y: 0, width: 1, height: 1 } },
      points: Float32Array.of(x, y),
      spread: Float32Array.of(10),
    },
  ],
});

describe('recordings', () => {
  test('a recorder that throws ends the recording with a message, and the live view never hears of it', async () => {
    vi.stubGlobal(
      'MediaRecorder',
      class extends FakeRecorder {
        override start() {
          throw new DOMException('no encoder', 'NotSupportedError');
        }
      },
    );
    const recordings = new Recordings();
    recordings.start(scene);
    recordings.take(frame(640, 480));
    expect(() => recordings.add(result(640, 480, 1, 2), style)).not.toThrow();
    await vi.waitFor(() => expect(recordings.isRecording).toBe(false));
    expect(recordings.problem).toContain('no encoder');
  });

  test('a recorder that gives nothing and never says that it stopped: the points are kept, and that is said', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal(
      'MediaRecorder',
      class extends FakeRecorder {
        override stop() {
          this.state = 'inactive';
        }
      },
    );
    try {
      const recordings = new Recordings();
      recordings.start(scene);
      recordings.take(frame(640, 480));
      recordings.add(result(640, 480, 1, 2), style);
      const stopping = recordings.stop();
      await vi.runAllTimersAsync();
      await stopping;
      expect(recordings.kept).toHaveLength(1);
      expect(recordings.problem).toBe('This browser gave no video of the recording. Its points are kept.');
      const file = await recordings.file(recordings.kept[0], 'json');
      expect(JSON.parse(await file!.blob.text()).frames).toHaveLength(1);
      expect(await recordings.file(recordings.kept[0], 'video')).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  test('a phone that is turned: the picture is fitted in, not stretched, and its points are recorded where it is', async () => {
    const recordings = new Recordings();
    recordings.start(scene);
    recordings.take(frame(640, 480));
    recordings.add(result(640, 480, 320, 240), style);
    recordings.take(frame(480, 640));
    // Fitted into 640 × 480: scaled by 0.75 and moved right by 140 px.
    recordings.add(result(480, 640, 240, 320), style);
    const pictures = drawn.filter(({ transform }) => transform[0] !== 1 || transform[4] !== 0);
    expect(pictures).toEqual([{ transform: [0.75, 0, 0, 0.75, 140, 0], width: 480, height: 640 }]);
    await recordings.stop();
    const file = await recordings.file(recordings.kept[0], 'json');
    const { frames } = JSON.parse(await file!.blob.text());
    expect(frames.map((one: { faces: { points: unknown }[] }) => one.faces[0].points)).toEqual([
      [[320, 240]],
      [[320, 240]],
    ]);
    expect(frames[1].faces[0].spread).toEqual([7.5]);
  });

  test('one that another tab removes meanwhile ends, and does not claim to be kept', async () => {
    vi.stubGlobal('indexedDB', new IDBFactory());
    let recorder: FakeRecorder | undefined;
    vi.stubGlobal(
      'MediaRecorder',
      class extends FakeRecorder {
        override start() {
          super.start();
          // eslint-disable-next-line @typescript-eslint/no-this-alias -- the test hands out its parts
          recorder = this;
        }
      },
    );
    const [recordings, other] = [new Recordings(), new Recordings()];
    recordings.start(scene);
    recordings.add(result(640, 480, 1, 2), style);
    const give = () =>
      recorder!.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob(['video']) }));
    give();
    await vi.waitFor(async () => {
      await other.load();
      expect(other.kept).toHaveLength(1);
    });
    await other.remove(other.kept[0].id);
    recordings.add(result(640, 480, 1, 2), style);
    give();
    await vi.waitFor(() => expect(recordings.isRecording).toBe(false));
    expect(recordings.problem).toBe('The recording ended: it was removed in another tab.');
    await recordings.load();
    expect(recordings.kept).toEqual([]);
  });

  test('one that ends for another reason than the person’s own says so', async () => {
    const recordings = new Recordings();
    recordings.start(scene);
    recordings.add(result(640, 480, 1, 2), style);
    await recordings.stop('It ended when you left Live, and is kept.');
    expect(recordings.note).toBe('It ended when you left Live, and is kept.');
    expect(recordings.kept).toHaveLength(1);
    recordings.start(scene);
    expect(recordings.note).toBe('');
  });

  test('those of a window that keeps nothing go into the file of everything, and come back elsewhere', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
    const recordings = new Recordings();
    recordings.start(scene);
    recordings.add(result(640, 480, 1, 2), style);
    await recordings.stop();
    const { blob, notes } = await saveBackup([createRecordingsPart(recordings)], hooks);
    expect(notes).toEqual(['In the file: 1 recording.']);

    vi.stubGlobal('indexedDB', new IDBFactory());
    const there = new Recordings();
    const file = new File([blob], 'mien.zip');
    expect(await restoreBackup(file, [createRecordingsPart(there)], hooks)).toEqual([
      'Read back: 1 recording.',
    ]);
    expect(there.kept).toEqual(recordings.kept);
    const read = await there.file(there.kept[0], 'json');
    expect(JSON.parse(await read!.blob.text()).frames).toHaveLength(1);
  });
});
