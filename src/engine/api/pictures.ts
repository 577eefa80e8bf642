/** Pictures on their way into the pipeline: decoded, copied only where that is needed, and closed by whoever owns them. */

import { transfer } from 'comlink';
import { EngineError } from '../errors';
import { currentHost } from '../host';
import type { HandedPicture } from '../pipeline/pipeline';
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

export const isBitmap = (image: ImageBitmapSource): image is ImageBitmap =>
  typeof ImageBitmap !== 'undefined' && image instanceof ImageBitmap;
