/** Pictures on their way into the pipeline: decoded, copied only where that is needed, and closed by whoever owns them. */

import { transfer } from 'comlink';
import { EngineError } from '../errors';
import { currentHost } from '../host';
import type { HandedPicture } from '../pipeline/types';
import type { ThreadName } from '../types';

/** A decoded picture for one call: either handed over or dropped. */
export interface OpenPicture {
  /** For the pipeline; a worker gets the bitmap itself. */
  hand(): HandedPicture;
  drop(): void;
}

/** A bitmap that is the engine's own. */
export function ownPicture(bitmap: ImageBitmap): OpenPicture {
  return {
    hand: () => transfer({ bitmap, close: true }, [bitmap]),
    drop: () => bitmap.close(),
  };
}

/**
 * A picture that the caller keeps. The page's pipeline reads a bitmap as it is. A worker gets a copy: of a photo of 12 Mpx
 * `createImageBitmap` and the transfer took 251 ms, 4 of them on the page, where a clone by `postMessage` took 624 ms, 225 of
 * them on the page, and handing the bitmap over 167 ms (Chromium, software canvas).
 * @throws EngineError `bad-image` when it cannot be decoded.
 */
export async function openPicture(image: ImageBitmapSource, thread: ThreadName): Promise<OpenPicture> {
  if (thread === 'page' && isBitmap(image))
    return { hand: () => ({ bitmap: image, close: false }), drop: () => {} };
  const bitmap = await currentHost()
    .createBitmap(image)
    .catch((cause: unknown) => {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new EngineError('bad-image', `picture: cannot be decoded (${detail})`, { cause });
    });
  return ownPicture(bitmap);
}

/**
 * A frame that can be handed over.
 * @throws EngineError `bad-image` where it is none, once it is closed where it can be.
 */
export function checkFrame(frame: ImageBitmap): void {
  const { width, height, close } = ((frame as ImageBitmap | null) ?? {}) as Partial<ImageBitmap>;
  const isClosing = typeof close === 'function';
  if (isClosing && typeof width === 'number' && typeof height === 'number') return checkOpen(frame, 'frame');
  if (isClosing) frame.close();
  throw new EngineError('bad-image', 'frame: must be an ImageBitmap, as createImageBitmap(video) makes one');
}

/** @throws EngineError `bad-image` where a bitmap is of no use any more: a worker would refuse it without a word why. */
export function checkOpen({ width, height }: ImageBitmap, subject: 'picture' | 'frame'): void {
  if (width === 0 || height === 0)
    throw new EngineError('bad-image', `${subject}: has no pixels, or was closed already`);
}

/**
 * Runs a call that reads a picture. One of another origin is refused only where it is read: by a message to a worker, by a canvas
 * on the page.
 * @param drop frees what the call holds, which no worker took.
 * @throws EngineError `bad-image` saying so.
 */
export async function reading<T>(
  subject: 'picture' | 'frame',
  run: () => Promise<T>,
  drop: () => void,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const cause = error instanceof EngineError ? error.cause : error;
    if (!(cause instanceof DOMException) || !REFUSALS.includes(cause.name)) throw error;
    drop();
    const how = 'its server must allow that by CORS, and its element ask for it by crossorigin';
    throw new EngineError(
      'bad-image',
      `${subject}: comes from another origin and cannot be read; ${how} (${cause.message})`,
      { cause },
    );
  }
}

/** Of a message that may not be sent, and of pixels that may not be read. */
const REFUSALS = ['DataCloneError', 'SecurityError'];

export const isBitmap = (image: ImageBitmapSource): image is ImageBitmap =>
  typeof ImageBitmap !== 'undefined' && image instanceof ImageBitmap;
