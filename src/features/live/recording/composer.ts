/** Puts each picture and its overlay together on one canvas, as shown (mirrored or not) but at the size of the picture. */

import type { Affine, Result, Scheme } from '../../../engine/types';
import { drawOverlay } from '../../../shared/overlay/draw';
import type { OverlayStyle } from '../../../shared/overlay/style';
import { createMeshCache } from '../../../shared/overlay/mesh';
import { viewAffine } from '../../../shared/overlay/view';

export interface Composer {
  readonly canvas: HTMLCanvasElement;
  /** Copies the frame that the engine is about to track. */
  take(frame: ImageBitmap): void;
  /**
   * Shows the frame taken last with what was found in it. One of another size, since the phone was turned, is fitted in, with
   * bars beside it.
   * @returns from px of the frame to px of the recording, not mirrored
   */
  draw(result: Result, scheme: Scheme, style: OverlayStyle): Affine<'image', 'view'>;
}

function createCanvas(width: number, height: number) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('recording: this browser gives no 2D canvas');
  return { canvas, context };
}

export function createComposer(width: number, height: number, mirrored: boolean): Composer {
  // Apart from what is recorded, or pictures without their overlay would be recorded too.
  const picture = createCanvas(width, height);
  const { canvas, context } = createCanvas(width, height);
  const meshes = createMeshCache();
  return {
    canvas,
    take(frame) {
      const { a, b, c, d, e, f } = viewAffine(frame, canvas, 'contain', mirrored);
      picture.context.setTransform(1, 0, 0, 1, 0, 0);
      picture.context.clearRect(0, 0, width, height);
      picture.context.setTransform(a, b, c, d, e, f);
      picture.context.drawImage(frame, 0, 0);
    },
    draw(result, scheme, style) {
      context.clearRect(0, 0, width, height);
      context.drawImage(picture.canvas, 0, 0);
      const toView = viewAffine(result, canvas, 'contain', mirrored);
      drawOverlay(context, result.faces, scheme, style, toView, meshes);
      return viewAffine(result, canvas, 'contain', false);
    },
  };
}
