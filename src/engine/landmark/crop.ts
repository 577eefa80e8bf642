/** Drawing a picture under one affine onto a small canvas, on a page or in a worker, the way training draws its crops. */

import { compose, invert, scaleOf } from '../geometry';
import { currentHost } from '../host';
import type { Affine, Space } from '../types';

export type Context2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
export type Canvas = HTMLCanvasElement | OffscreenCanvas;
/** What can be drawn and says how large it is, in image px. */
export type Picture = (ImageBitmap | Canvas) & { readonly width: number; readonly height: number };

/** A rectangle of the target canvas, px. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * @param reading true where its pixels are read back to the CPU: the canvas then stays there.
 * @throws where there is no canvas.
 */
export function createCanvas2d(width: number, height: number, reading: boolean): Context2D {
  const settings = { alpha: false, willReadFrequently: reading };
  const context = currentHost().createCanvas2d(width, height, settings);
  if (!context) throw new Error(`canvas of ${width}×${height} px: no 2D context available`);
  return context;
}

/** What is drawn beyond the picture: nothing, or its last pixels on and on, as in the crops that networks learned from. */
export type Beyond = 'black' | 'last pixels';

/** Draws pictures; keeps two scratch canvases for halving. */
export interface Painter {
  /**
   * Fills `rect` of `target` with `picture` under `affine`, which maps image px to 0..1 over the rectangle. A picture that
   * shrinks more than twofold is first halved by area as often as needed, so that no pixel is skipped; the rest is bilinear.
   */
  draw(target: Context2D, rect: Rect, picture: Picture, affine: Affine<'image', 'crop'>): void;
}

export function createPainter(reading: boolean, beyond: Beyond): Painter {
  const scratch: Context2D[] = [];

  function scratchOf(index: number, width: number, height: number): Context2D {
    scratch[index] ??= createCanvas2d(width, height, reading);
    const { canvas } = scratch[index];
    // Growing only: changing a canvas's size allocates it anew.
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    return scratch[index];
  }

  /** The part of the picture that the rectangle shows, `2 ** times` smaller, and where it lies. */
  function halve(picture: Picture, affine: Affine<'image', 'crop'>, times: number) {
    const step = 2 ** times;
    const region = visibleRegion(picture, affine, step);
    let source: Picture = picture;
    let { x, y, width, height } = region;
    for (let i = 0; i < times; i++) {
      const context = scratchOf(i % 2, width / 2, height / 2);
      smooth(context);
      // Black first: a region at the picture's edge reaches past it.
      context.fillRect(0, 0, width / 2, height / 2);
      // Cut to the picture: of a bitmap WebKit draws nothing at all where the part asked for reaches past its edge.
      const inside = {
        width: Math.min(width, source.width - x),
        height: Math.min(height, source.height - y),
      };
      const to = { x: 0, y: 0, width: inside.width / 2, height: inside.height / 2 };
      if (inside.width > 0 && inside.height > 0) {
        if (beyond === 'last pixels' && (inside.width < width || inside.height < height))
          drawBeyond(context, source, { x, y, ...inside }, to, 1);
        drawPart(context, source, { x, y, ...inside }, to);
      }
      source = context.canvas;
      x = y = 0;
      width /= 2;
      height /= 2;
    }
    return { source, region, step, width, height };
  }

  return {
    draw(target, rect, picture, affine) {
      target.save();
      try {
        smooth(target);
        target.beginPath();
        target.rect(rect.x, rect.y, rect.width, rect.height);
        target.clip();
        target.fillRect(rect.x, rect.y, rect.width, rect.height);
        // Target px are a space of their own; `view` stands for it.
        const toTarget: Affine<'crop', 'view'> = {
          a: rect.width,
          b: 0,
          c: 0,
          d: rect.height,
          e: rect.x,
          f: rect.y,
        };
        const placed = compose(toTarget, affine);
        const shrink = 1 / scaleOf(placed);
        // Down to a single px of the whole picture: beyond, its region would only grow.
        const most = Math.ceil(Math.log2(Math.max(picture.width, picture.height)));
        const times = shrink > 2 ? Math.min(most, Math.ceil(Math.log2(shrink)) - 1) : 0;
        const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
        const reach = beyond === 'last pixels' ? reachOf(picture, affine) : 0;
        if (times === 0) {
          setTransform(target, placed);
          if (reach > 0) drawBeyond(target, picture, whole, whole, reach);
          target.drawImage(picture, 0, 0);
          return;
        }
        const { source, region, step, width, height } = halve(picture, affine, times);
        if (width === 0 || height === 0) return;
        const fromScratch: Affine<'crop', 'image'> = {
          a: step,
          b: 0,
          c: 0,
          d: step,
          e: region.x,
          f: region.y,
        };
        setTransform(target, compose(placed, fromScratch));
        const part = { x: 0, y: 0, width, height };
        if (reach > 0) drawBeyond(target, source, part, part, reach / step);
        drawPart(target, source, part, part);
      } finally {
        target.restore();
      }
    },
  };
}

function drawPart(context: Context2D, source: Picture, from: Rect, to: Rect): void {
  context.drawImage(
    source,
    ...([from.x, from.y, from.width, from.height] as const),
    ...([to.x, to.y, to.width, to.height] as const),
  );
}

/** Where the bands of `drawBeyond` cross: corners first, since sides are drawn over them. */
const CORNERS = [[0, 0], [2, 0], [0, 2], [2, 2]] as const; // prettier-ignore
const SIDES = [[1, 0], [0, 1], [2, 1], [1, 2]] as const; // prettier-ignore

/**
 * Draws the outermost pixels of a part of `source` on and on, `reach` units of the target beyond `to`, where the part itself is
 * drawn after. They reach under it, so that no seam shows where its edge is smoothed.
 */
function drawBeyond(context: Context2D, source: Picture, from: Rect, to: Rect, reach: number): void {
  const across = bands(from.x, from.width, to.x, to.width, reach);
  const down = bands(from.y, from.height, to.y, to.height, reach);
  for (const [i, j] of [...CORNERS, ...SIDES])
    drawPart(
      context,
      source,
      { x: across[i].from, y: down[j].from, width: across[i].pixels, height: down[j].pixels },
      { x: across[i].to, y: down[j].to, width: across[i].length, height: down[j].length },
    );
}

/** Of a pixel, from its middle: wider, it would be mixed with its neighbour as it is stretched. */
const SLIVER = 0.01;
/** So many pixels of a part hide what is drawn beneath: more than are smoothed at its edge. */
const UNDER = 2;

/** Before, along and behind a part, on one axis: which pixels are drawn, and where. */
function bands(from: number, pixels: number, to: number, length: number, reach: number) {
  const half = Math.min(1, pixels) / 2;
  const under = (Math.min(UNDER, pixels) * length) / pixels;
  return [
    { from: from + half - SLIVER / 2, pixels: SLIVER, to: to - reach, length: reach + under },
    { from, pixels, to, length },
    {
      ...{ from: from + pixels - half - SLIVER / 2, pixels: SLIVER },
      ...{ to: to + length - under, length: under + reach },
    },
  ] as const;
}

/** So far the crop's rectangle reaches beyond the picture on any side, image px; not above 0 where it lies within. */
function reachOf(picture: Picture, affine: Affine<'image', 'crop'>): number {
  const { left, top, right, bottom } = boundsOf(affine);
  return Math.max(-left, -top, right - picture.width, bottom - picture.height);
}

/** Of the crop's unit square, image px. */
function boundsOf(affine: Affine<'image', 'crop'>) {
  const back = invert(affine);
  const xs = [0, back.a, back.c, back.a + back.c].map((x) => x + back.e);
  const ys = [0, back.b, back.d, back.b + back.d].map((y) => y + back.f);
  return {
    ...{ left: Math.min(...xs), right: Math.max(...xs) },
    ...{ top: Math.min(...ys), bottom: Math.max(...ys) },
  };
}

function smooth(context: Context2D): void {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'low';
  context.fillStyle = '#000';
}

function setTransform(context: Context2D, affine: Affine<Space, 'view'>): void {
  context.setTransform(affine.a, affine.b, affine.c, affine.d, affine.e, affine.f);
}

/** Image px under the unit square of the crop, cut to the picture, grown to multiples of `step` counted from the origin. */
function visibleRegion(picture: Picture, affine: Affine<'image', 'crop'>, step: number): Rect {
  const bounds = boundsOf(affine);
  // One more step each way, for the neighbours that bilinear sampling reads.
  const first = (px: number) => Math.max(0, Math.floor(px / step - 1) * step);
  const last = (px: number, most: number) =>
    Math.min(Math.ceil(most / step) * step, Math.ceil(px / step + 1) * step);
  const [left, top] = [first(bounds.left), first(bounds.top)];
  const [right, bottom] = [last(bounds.right, picture.width), last(bounds.bottom, picture.height)];
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
