/** How a picture is placed in the element that shows it. Mirroring is applied here and nowhere else. */

import type { Affine } from '../../engine/types';
import type { Size } from '../imaging/types';

/** As CSS object-fit: `contain` shows the whole picture, `cover` fills the element. */
export type Fit = 'contain' | 'cover';

/**
 * Affine from image px to CSS px of the element, with the picture centred.
 * @throws when a size has no area
 */
export function viewAffine(image: Size, view: Size, fit: Fit, mirrored: boolean): Affine<'image', 'view'> {
  const ratios = [view.width / image.width, view.height / image.height];
  const scale = fit === 'contain' ? Math.min(...ratios) : Math.max(...ratios);
  if (!Number.isFinite(scale) || scale <= 0) {
    throw new Error(
      `view of ${image.width}×${image.height} in ${view.width}×${view.height}: a size has no area`,
    );
  }
  const shiftX = (view.width - scale * image.width) / 2;
  const shiftY = (view.height - scale * image.height) / 2;
  if (!mirrored) return { a: scale, b: 0, c: 0, d: scale, e: shiftX, f: shiftY };
  return { a: -scale, b: 0, c: 0, d: scale, e: view.width - shiftX, f: shiftY };
}
