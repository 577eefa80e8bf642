/** One frame of a camera as a file. */

import type { FrameSource } from '../../camera/source';

/** Nearly all that the camera gave. */
const quality = 0.95;

/** @throws when the browser cannot encode it */
export async function encodeJpeg(source: FrameSource): Promise<Blob> {
  const frame = await createImageBitmap(source.element);
  const canvas = document.createElement('canvas');
  canvas.width = frame.width;
  canvas.height = frame.height;
  canvas.getContext('2d')?.drawImage(frame, 0, 0);
  frame.close();
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
  if (!blob) throw new Error(`snapshot: a picture of ${canvas.width}×${canvas.height} could not be encoded`);
  return blob;
}

/** `camera-2026-01-31-14-05-09.jpg`, in local time. */
export function snapshotFileName(date: Date): string {
  const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  return `camera-${date.getFullYear()}-${parts.map((part) => String(part).padStart(2, '0')).join('-')}.jpg`;
}
