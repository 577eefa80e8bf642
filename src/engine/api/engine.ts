/** The `Engine` of browsers. */

import type { CallOptions, Result } from '../types';
import type { EngineOf } from './engine-of';

/** Pictures are whatever `createImageBitmap` takes. */
export interface Engine extends EngineOf<ImageBitmapSource> {
  /**
   * Stateful, for video. The engine owns and closes `frame`, always.
   * @param timeMs time of the frame, rising; a step back resets the filters.
   * @returns null when the frame was dropped because another is in flight.
   */
  track(frame: ImageBitmap, timeMs: number, options?: CallOptions): Promise<Result | null>;
}
