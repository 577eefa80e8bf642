/** Draws the pixels of the picture under a viewport, and again, larger, under a finger that hides them. */

import { applyToPoint, type Point } from '../../../../engine/geometry';
import { haloColour } from '../../../../shared/overlay/colours';
import type { Size } from '../../../../shared/imaging/types';
import { inView } from './hit';
import { visibleBox, type Viewport } from './viewport';

/** Screen px for one of the picture from which its pixels are shown as squares. */
const squarePixelsFrom = 6;

const loupe = { radiusPx: 56, marginPx: 14, zoom: 2.5, armPx: 9 };

/**
 * Only the part that is seen, so that a large picture costs no more than a small one.
 * @param pixels of the picture at any resolution
 * @param size px of the full-size picture, which the viewport speaks of
 * @param view CSS px of the part of the canvas to fill, from the context's origin
 * @param ratio device px for one CSS px
 */
export function drawPicture(
  context: CanvasRenderingContext2D,
  pixels: CanvasImageSource,
  size: Size,
  viewport: Viewport,
  view: Size,
  ratio: number,
): void {
  const part = visibleBox(viewport, size, view);
  if (part.width <= 0 || part.height <= 0) return;
  const [width, height] = sizeOf(pixels);
  const [sx, sy] = [width / size.width, height / size.height];
  // Whole pixels, cut to the picture: of a bitmap WebKit draws nothing at all where the part reaches past its edge, if only by rounding.
  const [left, top] = [Math.floor(part.x * sx), Math.floor(part.y * sy)];
  const partWidth = Math.min(Math.ceil((part.x + part.width) * sx), width) - left;
  const partHeight = Math.min(Math.ceil((part.y + part.height) * sy), height) - top;
  if (partWidth <= 0 || partHeight <= 0) return;
  const seen = inView(
    { x: left / sx, y: top / sy, width: partWidth / sx, height: partHeight / sy },
    viewport,
  );
  context.imageSmoothingEnabled = viewport.a * ratio < squarePixelsFrom;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    pixels,
    ...([left, top, partWidth, partHeight] as const),
    ...([seen.x, seen.y, seen.width, seen.height] as const),
  );
}

/** A round magnifying glass in the upper corner away from the finger, with a cross at the place. */
export function drawLoupe(
  context: CanvasRenderingContext2D,
  pixels: CanvasImageSource,
  size: Size,
  viewport: Viewport,
  view: Size,
  ratio: number,
  place: Point,
): void {
  const { radiusPx, marginPx, zoom, armPx } = loupe;
  const isLeft = applyToPoint(viewport, place).x > view.width / 2;
  const side = 2 * radiusPx;
  const scale = viewport.a * zoom;
  const near: Viewport = {
    a: scale,
    b: 0,
    c: 0,
    d: scale,
    e: radiusPx - scale * place.x,
    f: radiusPx - scale * place.y,
  };
  context.save();
  context.translate(isLeft ? marginPx : view.width - marginPx - side, marginPx);
  context.beginPath();
  context.arc(radiusPx, radiusPx, radiusPx, 0, 2 * Math.PI);
  context.save();
  context.clip();
  context.fillStyle = '#000000';
  context.fillRect(0, 0, side, side);
  drawPicture(context, pixels, size, near, { width: side, height: side }, ratio);
  context.restore();
  strokeTwice(context, 2);
  context.beginPath();
  context.moveTo(radiusPx - armPx, radiusPx);
  context.lineTo(radiusPx + armPx, radiusPx);
  context.moveTo(radiusPx, radiusPx - armPx);
  context.lineTo(radiusPx, radiusPx + armPx);
  strokeTwice(context, 1.5);
  context.restore();
}

/** White over a dark halo: seen on any picture. */
export function strokeTwice(context: CanvasRenderingContext2D, widthPx: number): void {
  context.lineWidth = widthPx + 2;
  context.strokeStyle = haloColour;
  context.stroke();
  context.lineWidth = widthPx;
  context.strokeStyle = '#ffffff';
  context.stroke();
}

function sizeOf(pixels: CanvasImageSource): [number, number] {
  if (pixels instanceof HTMLImageElement) return [pixels.naturalWidth, pixels.naturalHeight];
  const { width, height } = pixels as ImageBitmap;
  return [width, height];
}
