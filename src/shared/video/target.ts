/** Where a film is written to: a file on disk that the browser keeps for the page, or memory where it gives none. */

import { BufferTarget, StreamTarget, type StreamTargetChunk, type Target } from 'mediabunny';
import { createPrivateFile } from '../storage/private-file';

/** Of the page's private file system. */
const FOLDER = 'film-exports';

export interface FilmTarget {
  readonly target: Target;
  /** What was written, once it is finished. */
  finish(type: string): Promise<Blob>;
}

export async function createFilmTarget(): Promise<FilmTarget> {
  return (await createDiskTarget().catch(() => null)) ?? createMemoryTarget();
}

function createMemoryTarget(): FilmTarget {
  const target = new BufferTarget();
  return { target, finish: async (type) => new Blob([target.buffer!], { type }) };
}

async function createDiskTarget(): Promise<FilmTarget> {
  const { writable, file } = await createPrivateFile(FOLDER);
  const stream = writable as unknown as WritableStream<StreamTargetChunk>;
  return {
    target: new StreamTarget(stream, { chunked: true }),
    finish: async (type) => new Blob([await file()], { type }),
  };
}
