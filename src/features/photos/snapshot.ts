/** One frame of a camera as a file. */

import type { FrameSource } from '../../shared/camera/source';
import { encodeCanvas } from '../../shared/imaging/encode';
import { copyFrame, snapshotName } from '../../shared/overlay/snapshot';

/** Of the JPEG, 0..1. */
const quality = 0.95;

/** @throws when the browser cannot encode it */
export async function takePicture(source: FrameSource): Promise<File> {
  const frame = await createImageBitmap(source.element);
  const canvas = copyFrame(frame, false);
  frame.close();
  const type = 'image/jpeg';
  const name = snapshotName(Date.now()).replace(/\.png$/, '.jpg');
  return new File([await encodeCanvas(canvas, type, quality)], name, { type });
}
