/** Cameras of any size, rate and name in place of the machine's: canvases that show the portrait, instead of getUserMedia. */
import type { Page } from 'playwright-core';

export interface FakeCamera {
  readonly deviceId: string;
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** As phones tell it; others do not. */
  readonly facing?: 'user' | 'environment';
  /** Another program holds it. */
  readonly isBusy?: boolean;
  /** It shows black until its size is set, as virtual cameras do until their program runs. */
  readonly isBlack?: boolean;
  /** How long it takes to start, ms. */
  readonly startMs?: number;
  /** It does not start before `letStart`. */
  readonly isHeld?: boolean;
}

export interface FakeDevice {
  /** As phones: while one camera starts or runs, no other can be had. */
  readonly opensOne?: boolean;
}

/** What the tests do with the cameras, and ask them. */
export interface FakeCameras {
  /** Asked of getUserMedia, and given. */
  asked: number;
  readonly tracks: MediaStreamTrack[];
  /** Of the camera opened last. */
  setSize(width: number, height: number): void;
  /** Those that are held start, now and later. */
  letStart(): void;
  /** Takes a camera away, with its track, or gives it back. */
  setPlugged(deviceId: string, isPlugged: boolean): void;
}

declare global {
  interface Window {
    fakeCameras: FakeCameras;
  }
}

/** Where the portrait lies in a frame: a square in its top right corner, so that whatever is turned or mirrored wrongly shows. */
export function portraitIn(width: number, height: number): { x: number; y: number; side: number } {
  const side = 0.9 * Math.min(width, height);
  return { x: width - side, y: 0, side };
}

/** For `AppOptions.prepare`. Without a device asked for, the first camera is given. */
export function withFakeCameras(
  cameras: readonly FakeCamera[],
  device: FakeDevice = {},
): (page: Page) => Promise<unknown> {
  return (page) => page.addInitScript(installFakeCameras, { cameras, device });
}

/** Runs in the browser, and so uses nothing from outside itself. */
function installFakeCameras({
  cameras,
  device,
}: {
  readonly cameras: readonly FakeCamera[];
  readonly device: FakeDevice;
}): void {
  const devices = navigator.mediaDevices;
  let plugged = cameras;
  let starting = 0;
  let canvas: HTMLCanvasElement;
  let isBlack = false;
  let letStart = () => {};
  const started = new Promise<void>((resolve) => (letStart = resolve));
  const fakes: FakeCameras = {
    asked: 0,
    tracks: [],
    letStart,
    setSize(width, height) {
      Object.assign(canvas, { width, height });
      isBlack = false;
    },
    setPlugged(deviceId, isPlugged) {
      plugged = cameras.filter((camera) =>
        camera.deviceId === deviceId ? isPlugged : plugged.includes(camera),
      );
      for (const track of isPlugged ? [] : fakes.tracks)
        if (track.readyState === 'live' && track.getSettings().deviceId === deviceId) {
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      devices.dispatchEvent(new Event('devicechange'));
    },
  };
  devices.enumerateDevices = async () =>
    plugged.map(({ deviceId, label }) => ({
      deviceId,
      label,
      kind: 'videoinput' as const,
      groupId: '',
      toJSON: () => ({}),
    }));
  devices.getUserMedia = async (constraints) => {
    fakes.asked += 1;
    const video = constraints?.video as MediaTrackConstraints;
    const wanted = (video.deviceId as { exact: string } | undefined)?.exact;
    if (!plugged.length) throw new DOMException('no camera', 'NotFoundError');
    const camera = plugged.find(({ deviceId }) => deviceId === (wanted ?? plugged[0].deviceId));
    if (!camera) throw new DOMException('no such camera', 'OverconstrainedError');
    const isTaken = starting > 0 || fakes.tracks.some(({ readyState }) => readyState === 'live');
    if (camera.isBusy || (device.opensOne && isTaken))
      throw new DOMException('Device in use', 'NotReadableError');
    starting += 1;
    if (camera.isHeld) await started;
    await new Promise((resolve) => setTimeout(resolve, camera.startMs ?? 0));
    starting -= 1;
    const portrait = new Image();
    portrait.src = 'samples/astronaut.png';
    await portrait.decode();
    const { width, height, framesPerSecond, deviceId, facing, label } = camera;
    const own = (canvas = Object.assign(document.createElement('canvas'), { width, height }));
    isBlack = camera.isBlack ?? false;
    const context = own.getContext('2d', { willReadFrequently: true })!;
    const draw = () => {
      const side = 0.9 * Math.min(own.width, own.height);
      context.fillRect(0, 0, own.width, own.height);
      if (!isBlack) context.drawImage(portrait, own.width - side, 0, side, side);
    };
    draw();
    const timer = setInterval(draw, 1000 / framesPerSecond);
    const stream = own.captureStream(framesPerSecond);
    const [track] = stream.getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      stop();
    };
    track.getSettings = () => ({ deviceId, ...(facing && { facingMode: facing }) });
    Object.defineProperty(track, 'label', { value: label });
    fakes.tracks.push(track);
    return stream;
  };
  window.fakeCameras = fakes;
}
