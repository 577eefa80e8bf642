/** Draws the puppet's shapes. Its colours are those of a painted wooden figure, the same in both themes. */

import type { PuppetPart, PuppetShape } from './shape';
import type { Spot } from './solid';

const colours: Readonly<Record<PuppetPart, string>> = {
  neck: '#2f7d73',
  hair: '#5b4636',
  face: '#f0c792',
  ear: '#e2b07a',
  cheek: '#e99f7c',
  eye: '#fffdf6',
  iris: '#2b3a42',
  lid: '#4a382c',
  brow: '#4a382c',
  nose: '#e2b07a',
  mouth: '#6d2222',
  teeth: '#fffdf6',
  tongue: '#d06a63',
  lips: '#c4614f',
};

/** Of the canvas' height, from the crown to the shoulders. */
const HEIGHT = 3.5;
/** The middle of the head is above that of the canvas. */
const CENTRE = 0.46;

function trace(context: CanvasRenderingContext2D, spots: readonly Spot[], isClosed: boolean): void {
  context.beginPath();
  // Through the middles of the sides, bent by the corners: a soft outline.
  const count = spots.length;
  const middle = (i: number) => {
    const [one, other] = [spots[i % count], spots[(i + 1) % count]];
    return [(one.x + other.x) / 2, (one.y + other.y) / 2] as const;
  };
  if (isClosed) {
    context.moveTo(...middle(count - 1));
    for (let i = 0; i < count; i++) context.quadraticCurveTo(spots[i].x, spots[i].y, ...middle(i));
    context.closePath();
    return;
  }
  context.moveTo(spots[0].x, spots[0].y);
  for (let i = 1; i < count - 1; i++) context.quadraticCurveTo(spots[i].x, spots[i].y, ...middle(i));
  context.lineTo(spots[count - 1].x, spots[count - 1].y);
}

/** @param mirrored as the view shows the picture */
export function drawPuppet(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  shapes: readonly PuppetShape[],
  mirrored: boolean,
): void {
  const { width, height } = canvas;
  const scale = height / HEIGHT;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(mirrored ? -scale : scale, 0, 0, scale, width / 2, height * CENTRE);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { part, spots, widths, within } of shapes) {
    context.save();
    if (within) {
      trace(context, within, true);
      context.clip();
    }
    trace(context, spots, widths === undefined);
    if (widths === undefined) {
      context.fillStyle = colours[part];
      context.fill();
    } else {
      context.lineWidth = widths;
      context.strokeStyle = colours[part];
      context.stroke();
    }
    context.restore();
  }
}
