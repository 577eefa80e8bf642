/** What tracks the faces of a film's frames, one after the other. */

import type { Manifest, Result } from '../../../engine/types';

export interface TrackedResult extends Pick<Result, 'faces'> {
  /** Changes when another engine goes on, whose ids mean other faces. */
  readonly epoch: number;
  readonly manifest: Manifest;
}

export interface FrameTracker {
  /**
   * @param makeBitmap makes the frame's picture, which is closed for it; called again where the engine was lost over it
   * @param isAnew whether tracks begin anew with this frame
   */
  track(
    makeBitmap: () => Promise<ImageBitmap>,
    timeMs: number,
    isAnew: boolean,
    signal: AbortSignal,
  ): Promise<TrackedResult>;
}
