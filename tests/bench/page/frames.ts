/** Frames of the clip of one face on a canvas of the page. */
import { CLIP, drawEmpty, drawPose, ONE_FACE, poseAt } from '../../fixtures/motion';
import { loadPortrait } from './pictures';

/** `draw` paints the frame at a time on one canvas, the same each time. */
export async function createFrames(): Promise<{ draw(timeMs: number): HTMLCanvasElement }> {
  const portrait = await loadPortrait();
  const canvas = Object.assign(document.createElement('canvas'), { width: CLIP.width, height: CLIP.height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('frames: no 2D context');
  return {
    draw(timeMs) {
      drawEmpty(context);
      drawPose(context, portrait, poseAt(ONE_FACE, timeMs));
      return canvas;
    },
  };
}
