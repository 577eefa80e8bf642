/** Puts each picture and its overlay together on one canvas, as shown (mirrored or not) but at the size of the picture. */

import type { Result, Scheme } from '../engine/types';
import { drawOverlay, type OverlayStyle } from '../overlay/draw';
import { createMeshCache } from '../overlay/mesh';
import { viewAffine } from '../overlay/view';

export interface Composer {
  readonly canvas: HTMLCanvasElement;
  /** Copies the picture that the engine is about to look at. */
  take(frame: ImageBitmap): void;
  /** Shows the picture taken last with what was found in it. */
  draw(result: Result, scheme: Scheme, style: OverlayStyle): void;
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
  if (mirrored) picture.context.setTransform(-1, 0, 0, 1, width, 0);
  return {
    canvas,
    take: (frame) => picture.context.drawImage(frame, 0, 0, width, height),
    draw(result, scheme, style) {
      context.drawImage(picture.canvas, 0, 0);
      const toView = viewAffine(result, canvas, 'contain', mirrored);
      drawOverlay(context, result.faces, scheme, style, toView, meshes);
    },
  };
}
