/** Frames by time, decoded in a row where the next one asked for is one of those that follow. */

import type { FilmPicture, FilmReader } from '../../../shared/video/types';

/** A step ahead of at most so much is decoded through; a longer one is a jump, ms. */
const MAX_RUN_MS = 500;

export interface SequentialReader {
  /** The frame shown at this time, or null; it belongs to the reader and lasts until the next call. */
  at(timeMs: number): Promise<FilmPicture | null>;
  close(): Promise<void>;
}

export function createSequentialReader(reader: FilmReader): SequentialReader {
  let run: AsyncGenerator<FilmPicture, void, unknown> | null = null;
  let current: FilmPicture | null = null;
  /** Decoded ahead: it comes after the current one. */
  let next: FilmPicture | null = null;

  async function take(): Promise<FilmPicture | null> {
    const { value } = await run!.next();
    return value ?? null;
  }
  async function close() {
    current?.close();
    next?.close();
    current = next = null;
    const ended = run;
    run = null;
    await ended?.return();
  }
  async function start(timeMs: number) {
    await close();
    run = reader.frames(timeMs);
    current = await take();
  }
  const slackMs = 0.01;
  return {
    close,
    async at(timeMs) {
      const isAhead = current && timeMs >= current.timeMs - slackMs && timeMs - current.timeMs <= MAX_RUN_MS;
      if (!isAhead) await start(timeMs);
      // What comes next is decoded when a later time is asked for: after a jump it would only keep the picture waiting.
      while (current && timeMs > current.timeMs + slackMs) {
        next ??= await take();
        if (!next || next.timeMs > timeMs + slackMs) break;
        current.close();
        current = next;
        next = null;
      }
      return current;
    },
  };
}
