/** What tracks the faces of a film's frames, one after the other. */

import type { Manifest, Result } from '../../../engine/types';

/**
 * How often the frames of a film are searched for faces that come in, ms of the film: few of them then lack a face. Against
 * 1000 ms, reading one face with room for three more takes a tenth longer (200 ms: as long, within what repeated readings differ by).
 */
export const NEWCOMER_INTERVAL_MS = 100;

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
