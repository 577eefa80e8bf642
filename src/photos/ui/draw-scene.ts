/** Draws what the viewer shows: the picture under its viewport, the faces over it, and what is chosen. Pure but for the canvas. */

import { apply, compose, invert } from '../../engine/geometry';
import type { Affine, Box, Face, Points } from '../../engine/types';
import { haloColour } from '../../overlay/colours';
import { drawOverlay } from '../../overlay/draw';
import { createMeshCache } from '../../overlay/mesh';
import type { Size } from '../../overlay/view';
import { inView } from './hit';
import type { Layer } from './layers';
import { visibleBox, type Viewport } from './viewport';

/** The face under correction. */
export interface Chosen {
  readonly face: Face;
  readonly colour: string;
  /** Indices of its chosen points. */
  readonly points: readonly number[];
}

/** Heatmaps of one face as a picture. */
export interface Heat {
  readonly pixels: ImageBitmap;
  /** Brings image px to 0..1 over the width and height of the maps. */
  readonly crop: Affine<'image', 'crop'>;
}

export interface Scene {
  /** The picture at whatever resolution there is of it; null until it is decoded. */
  readonly pixels: CanvasImageSource | null;
  /** Px of the full-size picture, which all points are in. */
  readonly size: Size;
  readonly viewport: Viewport;
  /** Between the picture and the faces. */
  readonly heat: Heat | null;
  readonly layers: readonly Layer[];
  /** True points that came with the picture. */
  readonly truth: readonly Points<'image'>[];
  readonly chosen: Chosen | null;
  /** A box being drawn by hand. */
  readonly box: Box<'image'> | null;
}

export const truthColour = '#ffffff';
const handleRadiusPx = 5;
/** Screen px for one of the picture from which its pixels are shown as squares. */
const squarePixelsFrom = 6;

/** @param context of a canvas of `view` CSS px, `ratio` device px for each */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene, view: Size, ratio: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, view.width * ratio, view.height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (scene.pixels) drawPicture(context, scene, scene.pixels, view, ratio);
  if (scene.heat) drawHeat(context, scene.heat, scene.viewport, ratio);
  for (const points of scene.truth) drawTruth(context, apply(scene.viewport, points));
  for (const { faces, scheme, style } of scene.layers)
    drawOverlay(context, faces, scheme, style, scene.viewport, createMeshCache());
  if (scene.chosen) drawChosen(context, scene.chosen, scene.viewport);
  if (scene.box) drawBox(context, inView(scene.box, scene.viewport));
}

/** Only the part that is seen, so that a large picture costs no more than a small one. */
function drawPicture(
  context: CanvasRenderingContext2D,
  { size, viewport }: Scene,
  pixels: CanvasImageSource,
  view: Size,
  ratio: number,
): void {
  const part = visibleBox(viewport, size, view);
  if (part.width <= 0 || part.height <= 0) return;
  const [width, height] = sizeOf(pixels);
  const [sx, sy] = [width / size.width, height / size.height];
  const seen = inView(part, viewport);
  context.imageSmoothingEnabled = viewport.a * ratio < squarePixelsFrom;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    pixels,
    part.x * sx,
    part.y * sy,
    part.width * sx,
    part.height * sy,
    seen.x,
    seen.y,
    seen.width,
    seen.height,
  );
}

function drawHeat(
  context: CanvasRenderingContext2D,
  { pixels, crop }: Heat,
  viewport: Viewport,
  ratio: number,
): void {
  const { a, b, c, d, e, f } = compose(viewport, invert(crop));
  context.save();
  context.setTransform(ratio * a, ratio * b, ratio * c, ratio * d, ratio * e, ratio * f);
  context.imageSmoothingEnabled = true;
  context.drawImage(pixels, 0, 0, 1, 1);
  context.restore();
}

function sizeOf(pixels: CanvasImageSource): [number, number] {
  if (pixels instanceof HTMLImageElement) return [pixels.naturalWidth, pixels.naturalHeight];
  const { width, height } = pixels as ImageBitmap;
  return [width, height];
}

/** Small crosses: they stay apart from the round points of a model, also where the two coincide. */
function drawTruth(context: CanvasRenderingContext2D, points: Points<'view'>): void {
  const arm = 3.5;
  for (const [widthPx, colour] of [
    [3, haloColour],
    [1.25, truthColour],
  ] as const) {
    context.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i], points[i + 1]];
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x + arm, y - arm);
      context.lineTo(x - arm, y + arm);
    }
    context.lineCap = 'round';
    context.lineWidth = widthPx;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** A handle on every point; the chosen ones are filled and ringed. */
function drawChosen(context: CanvasRenderingContext2D, { face, colour, points }: Chosen, viewport: Viewport) {
  const places = apply(viewport, face.points);
  for (let i = 0; 2 * i < places.length; i++) {
    const isChosen = points.includes(i);
    context.beginPath();
    context.arc(
      places[2 * i],
      places[2 * i + 1],
      isChosen ? handleRadiusPx : handleRadiusPx - 1.5,
      0,
      2 * Math.PI,
    );
    context.lineWidth = isChosen ? 4.5 : 3.5;
    context.strokeStyle = haloColour;
    context.stroke();
    context.lineWidth = isChosen ? 2.5 : 1.5;
    context.strokeStyle = '#ffffff';
    context.stroke();
    context.fillStyle = colour;
    context.fill();
  }
}

function drawBox(context: CanvasRenderingContext2D, { x, y, width, height }: Box<'view'>): void {
  context.lineWidth = 4;
  context.strokeStyle = haloColour;
  context.strokeRect(x, y, width, height);
  context.lineWidth = 2;
  context.strokeStyle = '#ffffff';
  context.setLineDash([7, 5]);
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
}
