/** Video files as sequences of frames. */

import type { Size } from '../imaging/types';

export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** One decoded frame. The receiver closes it. */
export interface FilmPicture extends Size {
  /** Presentation time, ms on the film's own clock; not rounded. */
  readonly timeMs: number;
  /** Ms; 0 where it is unknown. */
  readonly durationMs: number;
  /** Draws it upright into the rectangle from 0, 0, in place of what was there. */
  draw(context: Context2D, width: number, height: number): void;
  close(): void;
}

/**
 * How frames are read: decoded one after the other, or shown by a `<video>` that seeks, where the browser has no decoder for
 * it that scripts can use.
 */
export type ReadingMethod = 'decoder' | 'seeking';

export interface FilmReader extends Size {
  readonly method: ReadingMethod;
  /** Of the last frame's end, ms; null where the file does not say. */
  readonly durationMs: number | null;
  readonly hasSound: boolean;
  /**
   * All frames in the order of presentation, each once.
   * @param fromMs the first one to give is that shown at this time
   */
  frames(fromMs?: number): AsyncGenerator<FilmPicture, void, unknown>;
  /** The frame shown at this time; null before the first. */
  frameAt(timeMs: number): Promise<FilmPicture | null>;
  /** How many frames the file says it has; null where it does not tell. Takes long for a long WebM. */
  countFrames(): Promise<number | null>;
  close(): void;
}
