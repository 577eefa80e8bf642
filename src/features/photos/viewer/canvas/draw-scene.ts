/** Draws what the viewer shows: the picture under its viewport, the faces over it, and what is chosen. Pure but for the canvas. */

import { apply, compose, invert, largerSide, type Point } from '../../../../engine/geometry';
import type { Affine, Box, Face, Points } from '../../../../engine/types';
import { haloColour } from '../../../../shared/overlay/colours';
import { drawOverlay } from '../../../../shared/overlay/draw';
import { createMeshCache } from '../../../../shared/overlay/mesh';
import type { Size } from '../../../../shared/imaging/types';
import { presentPoints } from '../../../../shared/missing-points';
import { drawLoupe, drawPicture, strokeTwice } from './draw-picture';
import { inView } from './hit';
import type { Layer } from './layers';
import type { Viewport } from './viewport';

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
  /** Where something is marked or could be: thin frames under the faces. */
  readonly frames: readonly Box<'image'>[];
  readonly layers: readonly Layer[];
  /** True points that came with the picture. */
  readonly truth: readonly Points<'image'>[];
  readonly chosen: Chosen | null;
  /** A box being drawn by hand. */
  readonly box: Box<'image'> | null;
  /** Where a finger hides what it drags. */
  readonly loupe: Point | null;
}

/** Of handles; those that are not chosen shrink with the face, or a small one could not be seen for them. */
const handlePx = { chosen: 4, chosenRing: 3.5, largest: 3.2, smallest: 1.2, ofFace: 0.016 };
const crossArmPx = 3.5;

/** @param context of a canvas of `view` CSS px, `ratio` device px for each */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene, view: Size, ratio: number): void {
  const { pixels, size, viewport, loupe } = scene;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, view.width * ratio, view.height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (pixels) drawPicture(context, pixels, size, viewport, view, ratio);
  if (scene.heat) drawHeat(context, scene.heat, viewport);
  for (const points of scene.truth) drawTruth(context, apply(viewport, points));
  for (const frame of scene.frames) drawFrame(context, inView(frame, viewport));
  for (const { faces, scheme, style } of scene.layers)
    drawOverlay(context, faces, scheme, style, viewport, createMeshCache());
  if (scene.chosen) drawChosen(context, scene.chosen, viewport);
  if (scene.box) drawBox(context, inView(scene.box, viewport));
  if (pixels && loupe) drawLoupe(context, pixels, size, viewport, view, ratio, loupe);
}

function drawHeat(context: CanvasRenderingContext2D, { pixels, crop }: Heat, viewport: Viewport): void {
  const { a, b, c, d, e, f } = compose(viewport, invert(crop));
  context.save();
  context.transform(a, b, c, d, e, f);
  context.imageSmoothingEnabled = true;
  context.drawImage(pixels, 0, 0, 1, 1);
  context.restore();
}

/** Small crosses: they stay apart from the round points of a model, also where the two coincide. */
function drawTruth(context: CanvasRenderingContext2D, points: Points<'view'>): void {
  context.beginPath();
  for (const i of presentPoints(points)) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    context.moveTo(x - crossArmPx, y - crossArmPx);
    context.lineTo(x + crossArmPx, y + crossArmPx);
    context.moveTo(x + crossArmPx, y - crossArmPx);
    context.lineTo(x - crossArmPx, y + crossArmPx);
  }
  context.lineCap = 'round';
  strokeTwice(context, 1.25);
}

/** A handle on every point: a dot in the face's colour, ringed in white; the chosen ones are larger and lie in front. */
function drawChosen(
  context: CanvasRenderingContext2D,
  { face, colour, points }: Chosen,
  viewport: Viewport,
): void {
  const places = apply(viewport, face.points);
  const fitting = handlePx.ofFace * largerSide(face.box) * viewport.a;
  const radiusPx = Math.min(handlePx.largest, Math.max(handlePx.smallest, fitting));
  const place = (index: number): Point => ({ x: places[2 * index], y: places[2 * index + 1] });
  const present = presentPoints(places);
  for (const i of present)
    if (!points.includes(i)) drawHandle(context, place(i), radiusPx, radiusPx / 3, colour);
  for (const i of points.filter((one) => present.includes(one)))
    drawHandle(context, place(i), handlePx.chosen, handlePx.chosenRing, colour);
}

function drawHandle(
  context: CanvasRenderingContext2D,
  { x, y }: Point,
  radiusPx: number,
  ringPx: number,
  colour: string,
): void {
  for (const [radius, fill] of [
    [radiusPx + ringPx + 0.75, haloColour],
    [radiusPx + ringPx, '#ffffff'],
    [radiusPx, colour],
  ] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
  }
}

/** Only its corners: the picture is what is looked at. */
function drawFrame(context: CanvasRenderingContext2D, { x, y, width, height }: Box<'view'>): void {
  const armPx = 0.18 * Math.min(width, height);
  context.beginPath();
  for (const [cornerX, right] of [
    [x, 1],
    [x + width, -1],
  ])
    for (const [cornerY, down] of [
      [y, 1],
      [y + height, -1],
    ]) {
      context.moveTo(cornerX + right * armPx, cornerY);
      context.lineTo(cornerX, cornerY);
      context.lineTo(cornerX, cornerY + down * armPx);
    }
  context.lineCap = 'round';
  strokeTwice(context, 1.5);
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
