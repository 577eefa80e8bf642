/** The camera of a picture that is to be taken: open only for that, and what to do where it does not open. */

import { problemOf, type Problem } from '../../services/messages';
import { openCamera, type CameraChoice, type CameraEvents } from '../../shared/camera/camera';
import { listCameras, type CameraEntry } from '../../shared/camera/camera-list';
import { otherCameras } from '../../shared/camera/other-cameras';
import type { FrameSource } from '../../shared/camera/source';

/** Larger than for live video: a photo is viewed longer than a frame. */
const PREFERRED_PX = { width: 1920, height: 1080 };

type Wish = Pick<CameraChoice, 'deviceId' | 'facing'>;

/** Ways to the cameras of this device. */
interface Cameras {
  readonly open: (choice: CameraChoice, events: CameraEvents, signal: AbortSignal) => Promise<FrameSource>;
  readonly list: () => Promise<readonly CameraEntry[]>;
}

export class SnapshotCamera {
  source = $state.raw<FrameSource | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Its picture is taken away for a while, as by a phone call: it would be black. */
  isMuted = $state(false);
  /** Cameras to go on with where one failed. */
  others = $state.raw<readonly CameraEntry[]>([]);

  #wish: Wish = { deviceId: null, facing: 'user' };
  /** Id of the camera that a person took instead of one that failed. */
  #instead: string | null = null;
  /** Id of the camera that ran last. */
  #last: string | null = null;
  #opening = new AbortController();

  constructor(private readonly cameras: Cameras = { open: openCamera, list: listCameras }) {}

  open(wish: Wish): void {
    this.close();
    this.#wish = { ...wish, deviceId: this.#instead ?? wish.deviceId };
    this.#opening = new AbortController();
    void this.#open(this.#opening.signal);
  }

  /** Opens another one than the one that failed. */
  use(deviceId: string): void {
    this.#instead = deviceId;
    this.open(this.#wish);
  }

  retry(): void {
    this.open(this.#wish);
  }

  /** Lets the camera go, however far it is. */
  close(): void {
    this.#opening.abort();
    this.source?.stop();
    this.source = null;
    this.isMuted = false;
    this.problem = null;
    this.others = [];
  }

  async #open(signal: AbortSignal): Promise<void> {
    const onEnded = (why: unknown) => void this.fail(why, signal);
    const onMuted = () => (this.isMuted = this.source?.isMuted() ?? false);
    try {
      const events = { onEnded, onMuted };
      const source = await this.cameras.open({ ...this.#wish, ...PREFERRED_PX }, events, signal);
      if (signal.aborted) return source.stop();
      this.source = source;
      onMuted();
      this.#last = source.deviceId;
    } catch (thrown) {
      await this.fail(thrown, signal);
    }
  }

  /** Lets the camera go, tells why, and offers others. */
  async fail(thrown: unknown, signal = this.#opening.signal): Promise<void> {
    if (signal.aborted) return;
    this.close();
    const problem = problemOf(thrown);
    this.problem = problem;
    const cameras = await this.cameras.list().catch(() => []);
    if (this.problem !== problem) return;
    const { deviceId: chosen, facing } = this.#wish;
    this.others = otherCameras(cameras, { problem: problem.code, chosen, last: this.#last, facing });
  }
}
