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
}

/** What the tests do with the cameras, and ask them. */
export interface FakeCameras {
  /** Asked of getUserMedia, and given. */
  asked: number;
  readonly tracks: MediaStreamTrack[];
  /** Of the camera opened last. */
  setSize(width: number, height: number): void;
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
export function withFakeCameras(cameras: readonly FakeCamera[]): (page: Page) => Promise<unknown> {
  return (page) => page.addInitScript(installFakeCameras, cameras);
}

/** Runs in the browser, and so uses nothing from outside itself. */
function installFakeCameras(cameras: readonly FakeCamera[]): void {
  const devices = navigator.mediaDevices;
  let canvas: HTMLCanvasElement;
  let isBlack = false;
  const fakes: FakeCameras = {
    asked: 0,
    tracks: [],
    setSize(width, height) {
      Object.assign(canvas, { width, height });
      isBlack = false;
    },
  };
  devices.enumerateDevices = async () =>
    cameras.map(({ deviceId, label }) => ({
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
    const camera = cameras.find(({ deviceId }) => deviceId === (wanted ?? cameras[0].deviceId));
    if (!camera) throw new DOMException('no such camera', 'OverconstrainedError');
    if (camera.isBusy) throw new DOMException('Device in use', 'NotReadableError');
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
