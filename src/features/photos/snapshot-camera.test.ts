import { expect, it } from 'vitest';
import type { CameraChoice, CameraEvents } from '../../shared/camera/camera';
import { CameraError } from '../../shared/camera/camera-error';
import type { FrameSource } from '../../shared/camera/source';
import { SnapshotCamera } from './snapshot-camera.svelte';

const cameras = ['built-in', 'usb'].map((deviceId) => ({ deviceId, label: deviceId, facing: null }));
const wish = { deviceId: null, facing: 'user' } as const;

/** A device whose cameras are opened and answered by hand. */
function setUp() {
  const asked: {
    choice: CameraChoice;
    events: CameraEvents;
    signal: AbortSignal;
    give: (deviceId: string) => void;
    refuse: (why: unknown) => void;
  }[] = [];
  const stopped: string[] = [];
  let isMuted = false;
  const open = (choice: CameraChoice, events: CameraEvents, signal: AbortSignal) =>
    new Promise<FrameSource>((resolve, refuse) => {
      const give = (deviceId: string) =>
        resolve({ deviceId, isMuted: () => isMuted, stop: () => void stopped.push(deviceId) } as FrameSource);
      asked.push({ choice, events, signal, give, refuse });
    });
  const camera = new SnapshotCamera({ open, list: async () => cameras });
  const mute = (muted: boolean) => {
    isMuted = muted;
    asked.at(-1)!.events.onMuted!();
  };
  return { camera, asked, stopped, mute };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));
const busy = () => new CameraError('in-use', 'camera: busy');

it('a busy camera offers the others, and the one that is taken is asked for by its id', async () => {
  const { camera, asked } = setUp();
  camera.open(wish);
  asked[0].refuse(busy());
  await turn();
  expect(camera.problem?.code).toBe('in-use');
  expect(camera.others.map(({ label }) => label)).toEqual(['usb']);
  camera.use('usb');
  expect([camera.problem, camera.others]).toEqual([null, []]);
  expect(asked[1].choice).toMatchObject({ deviceId: 'usb', facing: 'user' });
  asked[1].give('usb');
  await turn();
  expect(camera.source?.deviceId).toBe('usb');
  // It is taken the next time as well.
  camera.close();
  camera.open(wish);
  expect(asked[2].choice.deviceId).toBe('usb');
});

it('a window that is closed while the camera opens lets it go at once, and one that opens all the same', async () => {
  const { camera, asked, stopped } = setUp();
  camera.open(wish);
  camera.close();
  expect(asked[0].signal.aborted).toBe(true);
  asked[0].give('built-in');
  await turn();
  expect([camera.source, stopped]).toEqual([null, ['built-in']]);
  camera.open(wish);
  camera.close();
  asked[1].refuse(asked[1].signal.reason);
  await turn();
  expect(camera.problem).toBeNull();
});

it('one that goes away while it runs is told of, let go, and offered again once it is back', async () => {
  const { camera, asked, stopped } = setUp();
  camera.open(wish);
  asked[0].give('usb');
  await turn();
  asked[0].events.onEnded(new CameraError('unplugged', 'camera: gone'));
  await turn();
  expect([camera.problem?.code, camera.source, stopped]).toEqual(['unplugged', null, ['usb']]);
  expect(camera.others.map(({ label }) => label)).toEqual(['built-in', 'usb']);
  camera.open(wish);
  expect([camera.problem, asked.length]).toEqual([null, 2]);
});

it('one whose picture is taken away for a while is known as such until it is back', async () => {
  const { camera, asked, mute } = setUp();
  camera.open(wish);
  asked[0].give('usb');
  await turn();
  expect(camera.isMuted).toBe(false);
  mute(true);
  expect(camera.isMuted).toBe(true);
  mute(false);
  expect(camera.isMuted).toBe(false);
});
