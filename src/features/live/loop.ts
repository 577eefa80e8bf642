/** Takes frames from a source to the engine, one at a time; frames that come while one is in flight are dropped. */

import type { FrameSource } from '../../shared/camera/source';
import type { Result } from '../../engine/types';
import { isEngineGone } from '../../services/engine/engine-gone';
import type { FrameMeter } from './meter';

export interface LiveLoopHooks {
  /** Gets every frame before the engine takes it, to copy what it needs. */
  readonly onFrame?: (frame: ImageBitmap) => void;
  readonly onResult: (result: Result) => void;
  /** The loop has stopped by itself: the engine is gone, or so many frames in a row failed that waiting is no use. */
  readonly onFailed: (thrown: unknown) => void;
}

/** One bad frame is no reason to stop: a camera that changes its size gives one. */
const failuresAllowed = 3;

/**
 * Has the engine track one frame. `grab` is called once it is this frame's turn; the engine owns what it gives.
 * @returns null when the engine dropped the frame
 */
export type TrackFrame = (grab: () => Promise<ImageBitmap>, timeMs: number) => Promise<Result | null>;

export type GrabFrame = (source: FrameSource) => Promise<ImageBitmap>;

const grabFromElement: GrabFrame = (source) => createImageBitmap(source.element);

export interface LiveLoop {
  stop(): void;
  /** Whether frames of the source go to the engine; true at the start. */
  setFollowing(following: boolean): void;
  /**
   * Waits until nothing is in flight, then tracks the picture that the source shows now.
   * @param withPicture is given the frame before the engine takes it
   * @returns null when the engine dropped it
   */
  trackNow(withPicture?: (frame: ImageBitmap) => void): Promise<Result | null>;
}

export function startLiveLoop(
  source: FrameSource,
  track: TrackFrame,
  meter: FrameMeter,
  hooks: LiveLoopHooks,
  grab: GrabFrame = grabFromElement,
): LiveLoop {
  let inFlight: Promise<unknown> | null = null;
  let following = true;
  let failures = 0;
  let stopped = false;

  async function trackOnce(
    timeMs: number,
    withPicture?: (frame: ImageBitmap) => void,
  ): Promise<Result | null> {
    const result = await track(async () => {
      const frame = await grab(source);
      try {
        hooks.onFrame?.(frame);
        withPicture?.(frame);
      } catch (thrown) {
        // The engine will not close what it never gets.
        frame.close();
        throw thrown;
      }
      return frame;
    }, timeMs);
    if (stopped || !result) return null;
    meter.addResult(result, performance.now());
    hooks.onResult(result);
    return result;
  }

  async function trackNext(timeMs: number): Promise<void> {
    try {
      await trackOnce(timeMs);
      failures = 0;
    } catch (thrown) {
      failures += 1;
      if (stopped || (failures < failuresAllowed && !isEngineGone(thrown))) return;
      stop();
      hooks.onFailed(thrown);
    }
  }

  const unsubscribe = source.onFrame((timeMs) => {
    if (!following) return;
    if (inFlight) {
      meter.addDrop(performance.now());
      return;
    }
    inFlight = trackNext(timeMs).finally(() => (inFlight = null));
  });

  function stop() {
    stopped = true;
    unsubscribe();
  }

  return {
    stop,
    setFollowing: (value) => (following = value),
    async trackNow(withPicture) {
      while (inFlight) await inFlight;
      const tracking = trackOnce(performance.now(), withPicture);
      inFlight = tracking.catch(() => undefined).finally(() => (inFlight = null));
      return tracking;
    },
  };
}
