/** A canvas as a picture file. */

import type { Canvas } from '../../engine/landmark/crop';

/**
 * @param quality 0..1, for JPEG.
 * @throws when the browser cannot encode it.
 */
export async function encodeCanvas(
  canvas: Canvas,
  type: 'image/png' | 'image/jpeg',
  quality?: number,
): Promise<Blob> {
  const blob =
    'convertToBlob' in canvas
      ? await canvas.convertToBlob({ type, quality })
      : await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  if (!blob) throw new Error(`a picture of ${canvas.width}×${canvas.height} px could not be encoded`);
  return blob;
}
