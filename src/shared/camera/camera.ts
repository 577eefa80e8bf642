/** Opens, lists and closes cameras. */

import { CameraError, toCameraError } from './camera-error';
import { keepPlaying } from './keep-playing';
import type { FrameSource } from './source';

export type Facing = 'user' | 'environment';

export interface CameraChoice {
  /** A camera of the list; wins over `facing`. It may be gone: then any camera will do. */
  readonly deviceId: string | null;
  readonly facing: Facing;
  /** Wished for; the camera gives what it can. */
  readonly width: number;
  readonly height: number;
}

export interface CameraEntry {
  readonly deviceId: string;
  readonly label: string;
}

/** A camera that is on but has sent no picture after so long is reported. */
const firstPictureMs = 10_000;

/** The constraints to try, in order: the chosen camera, then whatever there is. */
export function constraintsOf(choice: CameraChoice): MediaStreamConstraints[] {
  const size = { width: { ideal: choice.width }, height: { ideal: choice.height } };
  const byFacing = { audio: false, video: { ...size, facingMode: { ideal: choice.facing } } };
  if (!choice.deviceId) return [byFacing];
  return [{ audio: false, video: { ...size, deviceId: { exact: choice.deviceId } } }, byFacing];
}

function mediaDevices(): MediaDevices {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices?.getUserMedia) {
    throw new CameraError(
      'insecure',
      `camera: ${location.origin} is not a secure address (https or localhost)`,
    );
  }
  return devices;
}

/** Cameras of this device. Their labels are empty until a camera was allowed once; those are left out. */
export async function listCameras(): Promise<CameraEntry[]> {
  const devices = await mediaDevices().enumerateDevices();
  return devices
    .filter((device) => device.kind === 'videoinput' && device.deviceId && device.label)
    .map(({ deviceId, label }) => ({ deviceId, label: tidyLabel(label) }));
}

/** Chromium puts the USB ids behind the name: `Integrated Camera (04f2:b6d9)`. */
export function tidyLabel(label: string): string {
  return label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, '');
}

async function requestStream(choice: CameraChoice): Promise<MediaStream> {
  const devices = mediaDevices();
  const attempts = constraintsOf(choice);
  for (const [index, constraints] of attempts.entries()) {
    try {
      return await devices.getUserMedia(constraints);
    } catch (thrown) {
      const error = toCameraError(thrown);
      const isLast = index === attempts.length - 1;
      if (isLast || error.problem !== 'no-camera') throw error;
    }
  }
  throw new CameraError('no-camera', 'camera: nothing to ask for');
}

function createVideo(stream: MediaStream): HTMLVideoElement {
  const video = document.createElement('video');
  // iOS plays a stream in the page only when all three are set.
  video.autoplay = true;
  video.playsInline = true;
  video.muted = true;
  video.srcObject = stream;
  return video;
}

async function waitForPicture(video: HTMLVideoElement): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CameraError('no-picture', `camera: no picture after ${firstPictureMs / 1000} s`)),
      firstPictureMs,
    );
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) done();
    else video.addEventListener('loadeddata', done, { once: true });
  });
  await video.play();
}

/** @returns null where the browser does not say */
async function cameraPermission(): Promise<PermissionState | null> {
  const asking = navigator.permissions?.query({ name: 'camera' as PermissionName });
  const permission = await asking?.catch(() => null);
  return permission?.state ?? null;
}

/**
 * Why a camera that was running has ended: browsers fire one event for all there is.
 * @param allowed the permission while it was running: some browsers say `prompt` all the time
 */
async function whyEnded(deviceId: string | null, allowed: PermissionState | null): Promise<CameraError> {
  const permission = await cameraPermission();
  if (permission === 'denied') return new CameraError('denied', 'camera: was forbidden while it was running');
  const devices = await mediaDevices()
    .enumerateDevices()
    .catch(() => []);
  const cameras = devices.filter(({ kind }) => kind === 'videoinput');
  // Without the permission their ids are empty.
  if (allowed === 'granted' && permission === 'prompt' && cameras.length > 0)
    return new CameraError('withdrawn', 'camera: its permission was taken back while it was running');
  return deviceId !== null && cameras.some((camera) => camera.deviceId === deviceId)
    ? new CameraError('in-use', 'camera: its track ended, though it is still there')
    : new CameraError('unplugged', 'camera: its track ended');
}

export interface CameraEvents {
  /** Called once when the camera ends by itself. */
  readonly onEnded: (why: CameraError) => void;
  /** Called when its picture is taken away for a while, and when it is given back. */
  readonly onMuted?: () => void;
  /** Called when its picture changes size, as when a phone is turned. */
  readonly onResized?: () => void;
}

/**
 * Asks for a camera and waits for its first picture.
 * @throws CameraError
 */
export async function openCamera(
  choice: CameraChoice,
  { onEnded, onMuted, onResized }: CameraEvents,
): Promise<FrameSource> {
  const stream = await requestStream(choice);
  const video = createVideo(stream);
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    await waitForPicture(video);
  } catch (thrown) {
    stop();
    throw toCameraError(thrown);
  }
  const [track] = stream.getVideoTracks();
  const { deviceId = null, facingMode } = track.getSettings();
  // `stop()` fires no `ended`: only a camera that goes away by itself does.
  const allowed = cameraPermission();
  const end = async () => onEnded(await whyEnded(deviceId, await allowed));
  track.addEventListener('ended', () => void end(), { once: true });
  track.addEventListener('mute', () => onMuted?.());
  track.addEventListener('unmute', () => onMuted?.());
  video.addEventListener('resize', () => onResized?.());
  const playing = keepPlaying(video, document, track);
  return {
    kind: 'camera',
    element: video,
    label: tidyLabel(track.label),
    deviceId,
    facing: facingMode === 'user' || facingMode === 'environment' ? facingMode : null,
    mirrorByDefault: facingMode !== 'environment',
    size: () => ({ width: video.videoWidth, height: video.videoHeight }),
    onFrame: (callback) => onVideoFrame(video, callback),
    pause() {
      playing.setWanted(false);
      video.pause();
    },
    resume() {
      playing.setWanted(true);
      return video.play();
    },
    isMuted: () => track.muted,
    stop() {
      playing.stop();
      stop();
    },
  };
}

/** Every new picture of a video; without requestVideoFrameCallback (older Firefox) every repaint with a new time. */
function onVideoFrame(video: HTMLVideoElement, callback: (timeMs: number) => void): () => void {
  let handle = 0;
  if ('requestVideoFrameCallback' in video) {
    const next = (timeMs: number) => {
      handle = video.requestVideoFrameCallback(next);
      callback(timeMs);
    };
    handle = video.requestVideoFrameCallback(next);
    return () => video.cancelVideoFrameCallback(handle);
  }
  const fallback = video as HTMLVideoElement;
  let lastTime = -1;
  const next = (timeMs: number) => {
    handle = requestAnimationFrame(next);
    if (fallback.paused || fallback.currentTime === lastTime) return;
    lastTime = fallback.currentTime;
    callback(timeMs);
  };
  handle = requestAnimationFrame(next);
  return () => cancelAnimationFrame(handle);
}
