import { beforeEach, expect, it, vi } from 'vitest';
import type { Engine } from '../../engine';
import type { Inspection } from '../../engine/inspect/types';
import type { EngineHost } from '../../services/engine/engine-host';
import { tinyManifest } from '../../../tests/fixtures/tiny-manifest';
import { Follower, type LookOptions } from './follower';

const FACE = Float32Array.of(100, 100, 140, 100, 120, 140);

let presence: number;
let faces: object[];
const inspect = vi.fn(async (_image: unknown, crop: unknown, _nodes: unknown) => {
  return { points: FACE, presence, crop } as Inspection;
});
const detect = vi.fn(async () => ({ faces }));
const engine = { info: { manifest: tinyManifest }, inspect, detect } as unknown as Engine;
const host = {
  run: (_request: unknown, use: (engine: Engine, signal: AbortSignal) => unknown) =>
    use(engine, new AbortController().signal),
} as unknown as EngineHost;
const picture = () => ({ width: 320, height: 240, close: vi.fn() }) as unknown as ImageBitmap;
const live: LookOptions = {
  nodes: ['maps'],
  priority: 'live',
  signal: new AbortController().signal,
  isStill: false,
  transfer: true,
};

let follower: Follower;
beforeEach(() => {
  presence = 0.9;
  faces = [{ points: FACE, box: { x: 100, y: 100, width: 40, height: 40 } }];
  vi.clearAllMocks();
  follower = new Follower(host, 'tiny', 'main');
});

it('looks for the face once, then follows it by its points; the engine owns the pictures', async () => {
  const pictures = [picture(), picture(), picture()];
  for (const one of pictures)
    expect(await follower.look(async () => one, live)).toMatchObject({ width: 320 });
  expect(detect).toHaveBeenCalledTimes(1);
  expect(inspect.mock.calls.map(([, , nodes]) => nodes)).toEqual([['maps'], ['maps'], ['maps']]);
  expect(pictures.every(({ close }) => vi.mocked(close).mock.calls.length === 0)).toBe(true);
});

it('looks for it again once it is not there any more', async () => {
  await follower.look(async () => picture(), live);
  presence = 0.1;
  await follower.look(async () => picture(), live);
  faces = [];
  const last = picture();
  expect(await follower.look(async () => last, live)).toBeNull();
  expect(detect).toHaveBeenCalledTimes(2);
  // The engine has not taken it: it is closed here.
  expect(last.close).toHaveBeenCalledTimes(1);
});

it('keeps the crop of a still, so that another view of it shows the same', async () => {
  const still = { ...live, isStill: true, transfer: false };
  const one = picture();
  const [first, second] = [
    await follower.look(async () => one, still),
    await follower.look(async () => one, still),
  ];
  expect(second?.inspection.crop).toEqual(first?.inspection.crop);
  expect(detect).toHaveBeenCalledExactlyOnceWith(one, expect.objectContaining({ thorough: true }));
  expect(one.close).not.toHaveBeenCalled();
});

it('looks for the face anew where its last picture is long ago, but in a still', async () => {
  vi.useFakeTimers();
  try {
    for (const options of [live, { ...live, isStill: true, transfer: false }]) {
      detect.mockClear();
      follower = new Follower(host, 'tiny', 'main');
      await follower.look(async () => picture(), options);
      vi.advanceTimersByTime(800);
      await follower.look(async () => picture(), options);
      expect(detect).toHaveBeenCalledTimes(1);
      vi.advanceTimersByTime(5000);
      await follower.look(async () => picture(), options);
      expect(detect).toHaveBeenCalledTimes(options.isStill ? 1 : 2);
    }
  } finally {
    vi.useRealTimers();
  }
});
