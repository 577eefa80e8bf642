/** Reads a file of landmarks as whichever format it is. */

import { decodeText } from '../../../shared/formats/decode-text';
import { refuseShares } from '../../../shared/formats/shares';
import type { Format, ImportedPicture } from '../../../shared/formats/types';
import { pathOf } from '../../../shared/imaging/file-listing';
import type { IncomingFile } from '../../../shared/imaging/types';
import { describeStranger } from './strangers';

/** A larger file could not be held as text beside what is read of it. */
const MAX_BYTES = 256 * 1024 ** 2;

export interface ReadLandmarks {
  readonly pictures: readonly ImportedPicture[];
  /** What was left out and why, in sentences that name the file. */
  readonly skipped: readonly string[];
}

/**
 * @param names of the pictures it may speak of
 * @throws Error naming the file, and the place in it where it is like a format and yet not of it
 */
export async function readLandmarks(
  incoming: IncomingFile,
  names: readonly string[] = [],
): Promise<ReadLandmarks> {
  const path = pathOf(incoming);
  if (incoming.file.size > MAX_BYTES)
    throw new Error(
      `${path} is larger than ${MAX_BYTES / 1024 ** 2} MB, more than a file of landmarks takes.`,
    );
  const { formats } = await import('../../../shared/formats');
  const text = decodeText(new Uint8Array(await incoming.file.arrayBuffer()), names);
  return readAs(Object.values(formats), text, path);
}

function readAs(all: readonly Format[], text: string, path: string): ReadLandmarks {
  const hasExtension = (extension: string) => path.toLowerCase().endsWith(extension);
  const formats = all.filter(
    ({ read, extension, otherExtensions = [] }) => read && [extension, ...otherExtensions].some(hasExtension),
  );
  const [like] = formats.filter(({ isLike }) => isLike?.(text));
  const reasons: string[] = [];
  for (const format of like ? [like] : formats) {
    const skipped: string[] = [];
    try {
      const pictures = format.read!(text, path, (message) => skipped.push(message));
      for (const { path: own, faces } of pictures) for (const { points } of faces) refuseShares(points, own);
      // One kind of table read as another has rows but no points.
      if (pictures.some(({ faces }) => faces.some(({ points }) => points.length > 0)))
        return { pictures, skipped };
      reasons.push(...skipped);
    } catch (thrown) {
      reasons.push((thrown as Error).message);
    }
  }
  const stranger = like ? null : describeStranger(text);
  if (stranger) throw new Error(`${path} ${stranger}`);
  throw new Error(
    `${path} holds no landmarks that Mien can read${reasons.length ? ` (${reasons[0]})` : ''}.`,
  );
}
