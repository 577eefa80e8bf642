/** A recording under way: draws and records what is seen, and hands it on part by part. */

import type { Manifest, Result } from '../../../engine/types';
import type { OverlayStyle } from '../../../shared/overlay/style';
import { createComposer, type Composer } from './composer';
import { frameLine } from './frames';
import type { RecordingPart, RecordingRecord } from './recording-storage';
import { recordCanvas, type VideoRecorder } from './video';

export interface RecordingScene {
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
  readonly manifest: Manifest;
}

export interface UnderWayHooks {
  /** Stores a part. @throws StorageError */
  readonly append: (record: RecordingRecord, index: number, part: RecordingPart) => Promise<void>;
  /** It is so long by now, ms; called about once a second. */
  readonly onLonger: (durationMs: number) => void;
  /** It cannot go on: it is to be ended. */
  readonly onFailed: (why: unknown) => void;
}

export class RecordingUnderWay {
  #record: RecordingRecord;
  readonly #manifest: Manifest;
  readonly #composer: Composer;
  /** None until the first frame is there, so that video and times begin with it. */
  #video: VideoRecorder | null = null;
  #lines: string[] = [];
  #partCount = 0;
  #videoBytes = 0;
  /** On the clock of `performance.now`, pauses taken out. */
  #startMs = 0;
  #pausedMs: number | null = null;
  /** The parts on their way to storage. */
  #writing = Promise.resolve();
  /** A part found no room; those after it would not fit on what is kept. */
  #isCut = false;

  /** @throws Error where the browser gives no canvas */
  constructor(
    { width, height, mirrored, manifest }: RecordingScene,
    type: string,
    private readonly hooks: UnderWayHooks,
  ) {
    const startedMs = Date.now();
    const { id: model, scheme } = manifest;
    this.#manifest = manifest;
    this.#record = {
      ...{ id: `${startedMs}`, startedMs, type, width, height },
      ...{ mirrored, model, scheme, durationMs: 0 },
    };
    this.#composer = createComposer(width, height, mirrored);
  }

  get id(): string {
    return this.#record.id;
  }

  /** A frame that goes to the engine. */
  take(frame: ImageBitmap): void {
    this.#composer.take(frame);
  }

  /** What was found in the frame taken last. */
  add(result: Result, style: OverlayStyle): void {
    if (this.#pausedMs !== null) return;
    const nowMs = performance.now();
    const toRecording = this.#composer.draw(result, this.#manifest.scheme, style);
    if (!this.#video) {
      this.#startMs = nowMs;
      this.#video = recordCanvas(
        this.#composer.canvas,
        this.#record.type,
        (video) => this.#addPart(video),
        this.hooks.onFailed,
      );
    }
    this.#lines.push(frameLine(result, nowMs - this.#startMs, toRecording));
  }

  /** Neither video nor points grow while it rests. */
  setResting(rests: boolean): void {
    if (!this.#video) return;
    if (rests && this.#pausedMs === null) {
      this.#pausedMs = performance.now();
      this.#video.pause();
    } else if (!rests && this.#pausedMs !== null) {
      this.#startMs += performance.now() - this.#pausedMs;
      this.#pausedMs = null;
      this.#video.resume();
    }
  }

  /** Waits until all of it is stored. @returns whether there are points of it without any video */
  async end(): Promise<boolean> {
    this.#pausedMs ??= performance.now();
    await this.#video?.stop().catch(() => undefined);
    // Frames whose video never came: their points are kept all the same.
    if (this.#lines.length) this.#addPart(new Blob([]));
    await this.#writing;
    return this.#partCount > 0 && this.#videoBytes === 0;
  }

  #addPart(video: Blob): void {
    if (this.#isCut) return;
    const durationMs = Math.max(0, Math.round((this.#pausedMs ?? performance.now()) - this.#startMs));
    const record = (this.#record = { ...this.#record, durationMs });
    this.hooks.onLonger(durationMs);
    const part = { video, frames: new Blob(this.#lines) };
    this.#lines = [];
    this.#videoBytes += video.size;
    const index = this.#partCount++;
    this.#writing = this.#writing.then(async () => {
      if (this.#isCut) return;
      try {
        await this.hooks.append(record, index, part);
      } catch (thrown) {
        this.#isCut = true;
        // Not waited for: ending waits for this very part.
        this.hooks.onFailed(thrown);
      }
    });
  }
}
