/** A file as a photo: its picture decoded, with the ground truth that came with it. */

import { openPictureFile } from '../../../shared/imaging/decode';
import type { OpenedPicture, Size } from '../../../shared/imaging/types';
import type { NewPhoto } from '../types';
import type { IncomingPicture } from './types';

export interface OpenedPhoto extends Omit<OpenedPicture, 'picture'> {
  readonly photo: NewPhoto;
}

/**
 * @param admit settles when a picture of this size may be decoded
 * @throws PictureError naming the file.
 */
export async function openPicture(
  incoming: IncomingPicture,
  admit?: (size: Size) => Promise<void>,
): Promise<OpenedPhoto> {
  const { picture, ...opened } = await openPictureFile(incoming, admit);
  return { photo: { ...picture, truth: incoming.truth }, ...opened };
}
