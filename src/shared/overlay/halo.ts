/** Lines that are seen on light and dark. */

import { haloColour } from './colours';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** @param trace makes the path. @param context its unit is one CSS px of the view */
export function strokeWithHalo(context: Context, widthPx: number, colour: string, trace: () => void): void {
  context.lineCap = 'round';
  for (const [width, stroke] of [
    [widthPx + 2, haloColour],
    [widthPx, colour],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.beginPath();
    trace();
    context.stroke();
  }
}
