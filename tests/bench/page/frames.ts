/** Frames of a moving face, or of two, on a canvas of the page. */
import {
  CLIP,
  drawEmpty,
  drawPose,
  LEAVING_FACE,
  ONE_FACE,
  poseAt,
  STAYING_FACE,
} from '../../fixtures/motion';
import { loadPortrait } from './pictures';

/** Radius of a face's disc where two share a frame, px of the portrait. */
const DISC_PX = 105;

/** `draw` paints the frame at a time on one canvas, the same each time. */
export async function createFrames(faces: 1 | 2 = 1): Promise<{ draw(timeMs: number): HTMLCanvasElement }> {
  const portrait = await loadPortrait();
  const canvas = Object.assign(document.createElement('canvas'), { width: CLIP.width, height: CLIP.height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('frames: no 2D context');
  return {
    draw(timeMs) {
      drawEmpty(context);
      if (faces === 1) drawPose(context, portrait, poseAt(ONE_FACE, timeMs));
      else
        for (const motion of [STAYING_FACE, LEAVING_FACE])
          drawPose(context, portrait, poseAt(motion, timeMs), DISC_PX);
      return canvas;
    },
  };
}
