/** The source of the live view: opens and closes it, and knows its size, which one there was, and which cameras there are. */

import type { Problem } from '../../services/messages';
import type { Settings } from '../../services/settings';
import { listCameras, type CameraEntry } from '../../shared/camera/camera-list';
import type { CameraEvents } from '../../shared/camera/camera';
import type { CameraError } from '../../shared/camera/camera-error';
import type { FrameSource } from '../../shared/camera/source';
import { otherCameras } from '../../shared/camera/other-cameras';
import type { Size } from '../../shared/imaging/types';
import { openSource } from './open-source';

export interface LiveSourceHooks {
  /** The source, or the one being opened, has ended by itself. */
  readonly onEnded: (why: CameraError) => void;
  /** The picture of the source was taken away for a while, or is back. */
  readonly onMuted: () => void;
}

export class LiveSource {
  current = $state.raw<FrameSource | null>(null);
  /** Of the source's picture; changes when a phone is turned. */
  size = $state.raw<Size | null>(null);
  cameras = $state.raw<readonly CameraEntry[]>([]);
  /** Of the source that was asked for last. */
  lastKind: FrameSource['kind'] = 'camera';
  /** Id of the camera that ran last. */
  #lastCamera: string | null = null;

  constructor(private readonly hooks: LiveSourceHooks) {
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.refreshCameras());
  }

  /** @returns null where the signal was aborted meanwhile. @throws CameraError, or Error when the sample cannot be loaded */
  async open(
    kind: FrameSource['kind'],
    settings: Settings,
    signal: AbortSignal,
  ): Promise<FrameSource | null> {
    this.lastKind = kind;
    let opened: FrameSource | null = null;
    const isOurs = () => opened !== null && opened === this.current;
    const events: CameraEvents = {
      onEnded: (why) => {
        if (isOurs()) this.hooks.onEnded(why);
      },
      onMuted: () => {
        if (isOurs()) this.hooks.onMuted();
      },
      onResized: () => {
        if (isOurs()) this.size = opened!.size();
      },
    };
    try {
      opened = await openSource(kind, settings, events, signal);
    } catch (thrown) {
      if (signal.aborted) return null;
      throw thrown;
    }
    if (signal.aborted) {
      opened.stop();
      return null;
    }
    this.current = opened;
    this.size = opened.size();
    if (kind === 'camera') {
      this.#lastCamera = opened.deviceId;
      void this.refreshCameras();
    }
    return opened;
  }

  /** Cameras to go on with where the one that was asked for failed. */
  othersThan({ code: problem }: Problem, { cameraId: chosen, facing }: Settings): readonly CameraEntry[] {
    if (this.lastKind !== 'camera') return [];
    return otherCameras(this.cameras, { problem, chosen, last: this.#lastCamera, facing });
  }

  close(): void {
    this.current?.stop();
    this.current = null;
    this.size = null;
  }

  /** Lists them anew; none where they cannot be listed. */
  async refreshCameras(): Promise<void> {
    this.cameras = await listCameras().catch(() => []);
  }
}
