/** Opens and closes cameras. */

import { asFacing, facingOfLabel, tidyLabel, type Facing } from './camera-list';
import { CameraError, toCameraError } from './camera-error';
import { waitForPicture } from './first-picture';
import { keepPlaying } from './keep-playing';
import { cameraPermission, mediaDevices } from './media-devices';
import type { FrameSource } from './source';
import { onVideoFrame } from './video-frames';

export interface CameraChoice {
  /** A camera of the list; wins over `facing`. It may be gone: then any camera will do. */
  readonly deviceId: string | null;
  readonly facing: Facing;
  /** Wished for; the camera gives what it can. */
  readonly width: number;
  readonly height: number;
}

export interface CameraEvents {
  /** Called once when the camera ends by itself. */
  readonly onEnded: (why: CameraError) => void;
  /** Called when its picture is taken away for a while, and when it is given back. */
  readonly onMuted?: () => void;
  /** Called when its picture changes size, as when a phone is turned. */
  readonly onResized?: () => void;
}

/** The constraints to try, in order: the chosen camera, then whatever there is. */
export function constraintsOf(choice: CameraChoice): MediaStreamConstraints[] {
  const size = { width: { ideal: choice.width }, height: { ideal: choice.height } };
  const byFacing = { audio: false, video: { ...size, facingMode: { ideal: choice.facing } } };
  if (!choice.deviceId) return [byFacing];
  return [{ audio: false, video: { ...size, deviceId: { exact: choice.deviceId } } }, byFacing];
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

/**
 * Why a camera that was running has ended: browsers fire one event for all there is.
 * @param allowed the permission while it was running: some browsers say `prompt` all the time
 */
async function whyEnded(deviceId: string | null, allowed: PermissionState | null): Promise<CameraError> {
  const permission = await cameraPermission();
  if (permission === 'denied') return new CameraError('denied', 'camera: was forbidden while it was running');
  const listing = mediaDevices()
    .enumerateDevices()
    .catch(() => []);
  const devices = await Promise.race([listing, pause(MAX_LISTING_MS).then(() => [])]);
  const cameras = devices.filter(({ kind }) => kind === 'videoinput');
  // Without the permission their ids are empty.
  if (allowed === 'granted' && permission === 'prompt' && cameras.length > 0)
    return new CameraError('withdrawn', 'camera: its permission was taken back while it was running');
  return deviceId !== null && cameras.some((camera) => camera.deviceId === deviceId)
    ? new CameraError('in-use', 'camera: its track ended, though it is still there')
    : new CameraError('unplugged', 'camera: its track ended');
}

/** Resolves when a track ends by itself: `stop()` fires no `ended`. */
function whenEnded(track: MediaStreamTrack): Promise<CameraError> {
  const { deviceId = null } = track.getSettings();
  const allowed = cameraPermission();
  return new Promise((resolve) => {
    const end = async () => resolve(await whyEnded(deviceId, await allowed));
    if (track.readyState === 'ended') void end();
    else track.addEventListener('ended', () => void end(), { once: true });
  });
}

/** A list of cameras that takes longer tells nothing, ms. */
const MAX_LISTING_MS = 2000;

/** So long a camera waits for another that still starts, ms: some drivers never answer. */
const MAX_WAIT_MS = 5000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Settles once the camera that was asked for last is open, failed, or let go. */
let lastOpening: Promise<unknown> = Promise.resolve();

/**
 * Asks for a camera and waits for its first picture. Phones start one camera at a time: one that is wanted while another still
 * starts waits for that, unless a person is asked first, who may never answer.
 * @param signal lets the camera go at once, however far it is
 * @throws CameraError, or the signal's reason
 */
export function openCamera(
  choice: CameraChoice,
  events: CameraEvents,
  signal: AbortSignal = new AbortController().signal,
): Promise<FrameSource> {
  const before = lastOpening;
  const open = async () => {
    if ((await cameraPermission()) === 'granted') await Promise.race([before, pause(MAX_WAIT_MS)]);
    signal.throwIfAborted();
    return openStream(await requestStream(choice), events, signal);
  };
  const opening = open();
  lastOpening = opening.catch(() => undefined);
  return opening;
}

async function openStream(
  stream: MediaStream,
  { onEnded, onMuted, onResized }: CameraEvents,
  signal: AbortSignal,
): Promise<FrameSource> {
  const [track] = stream.getVideoTracks();
  if (!track) {
    for (const sound of stream.getTracks()) sound.stop();
    throw new CameraError('no-picture', 'camera: its stream has no picture');
  }
  const video = createVideo(stream);
  const stop = () => {
    for (const one of stream.getTracks()) one.stop();
    video.srcObject = null;
  };
  const ended = whenEnded(track);
  const endedEarly = ended.then((why) => Promise.reject(why));
  try {
    await Promise.race([waitForPicture(video, document, signal), endedEarly]);
    if (track.readyState === 'ended') await endedEarly;
  } catch (thrown) {
    stop();
    throw signal.aborted ? thrown : toCameraError(thrown);
  }
  endedEarly.catch(onEnded);
  track.addEventListener('mute', () => onMuted?.());
  track.addEventListener('unmute', () => onMuted?.());
  video.addEventListener('resize', () => onResized?.());
  const playing = keepPlaying(video, document, track);
  // The system may refuse for now: it is tried again when that may have changed.
  video.play().catch(() => undefined);
  const { deviceId = null, facingMode } = track.getSettings();
  const facing = asFacing(facingMode);
  return {
    kind: 'camera',
    element: video,
    label: tidyLabel(track.label),
    deviceId,
    facing,
    mirrorByDefault: (facing ?? facingOfLabel(track.label)) !== 'environment',
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
