/** Zoom and pan of one picture in the viewer. All functions are pure; the viewport is an affine without rotation. */

import { applyToPoint, compose, invert, type Point } from '../../../../engine/geometry';
import type { Affine, Box } from '../../../../engine/types';
import type { Size } from '../../../../shared/imaging/types';
import { viewAffine } from '../../../../shared/overlay/view';

export type Viewport = Affine<'image', 'view'>;

/** CSS px that one pixel of the picture may become. */
const mostZoom = 40;
/** What a box that is brought into view leaves free around itself, as a part of its size. */
const airAround = 0.35;

/** The whole picture, in the middle of the view. @throws when a size has no area */
export function fit(picture: Size, view: Size): Viewport {
  return viewAffine(picture, view, 'contain', false);
}

/** Whether the viewport shows the whole picture as `fit` does. */
export function isFit(viewport: Viewport, picture: Size, view: Size): boolean {
  return Math.abs(viewport.a / fit(picture, view).a - 1) < 1e-3;
}

/** Larger by `factor` about a place of the view, which keeps showing the same pixel where the limits allow it. */
export function zoomAt(viewport: Viewport, at: Point, factor: number, picture: Size, view: Size): Viewport {
  const least = fit(picture, view).a;
  const scale = clamp(viewport.a * factor, least, Math.max(least, mostZoom));
  const grow = scale / viewport.a;
  const about: Affine<'view', 'view'> = {
    a: grow,
    b: 0,
    c: 0,
    d: grow,
    e: at.x * (1 - grow),
    f: at.y * (1 - grow),
  };
  return keepInSight(compose(about, viewport), picture, view);
}

/** Moved by so many CSS px. */
export function panBy(viewport: Viewport, dx: number, dy: number, picture: Size, view: Size): Viewport {
  return keepInSight({ ...viewport, e: viewport.e + dx, f: viewport.f + dy }, picture, view);
}

/** The box in the middle, as large as it gets with some air around it. */
export function showBox(box: Box<'image'>, picture: Size, view: Size): Viewport {
  const air = airAround * Math.max(box.width, box.height, 1);
  const [width, height] = [box.width + 2 * air, box.height + 2 * air];
  const least = fit(picture, view).a;
  const wanted = Math.min(view.width / width, view.height / height);
  const scale = clamp(wanted, least, Math.max(least, mostZoom));
  return keepInSight(
    {
      a: scale,
      b: 0,
      c: 0,
      d: scale,
      e: view.width / 2 - scale * (box.x + box.width / 2),
      f: view.height / 2 - scale * (box.y + box.height / 2),
    },
    picture,
    view,
  );
}

/** The same part of the picture in a view that has changed its size; a picture shown whole stays whole. */
export function resized(viewport: Viewport, picture: Size, before: Size, after: Size): Viewport {
  if (isFit(viewport, picture, before)) return fit(picture, after);
  const dx = (after.width - before.width) / 2;
  const dy = (after.height - before.height) / 2;
  return panBy(viewport, dx, dy, picture, after);
}

/** Pans just as far as it takes to have the place at least `marginPx` inside the view. */
export function reveal(
  viewport: Viewport,
  place: Point,
  marginPx: number,
  picture: Size,
  view: Size,
): Viewport {
  const seen = applyToPoint(viewport, place);
  const margin = Math.min(marginPx, view.width / 2, view.height / 2);
  const dx = clamp(seen.x, margin, view.width - margin) - seen.x;
  const dy = clamp(seen.y, margin, view.height - margin) - seen.y;
  return dx || dy ? panBy(viewport, dx, dy, picture, view) : viewport;
}

/** The part of the picture that the view shows. */
export function visibleBox(viewport: Viewport, picture: Size, view: Size): Box<'image'> {
  const toImage = invert(viewport);
  const first = applyToPoint(toImage, { x: 0, y: 0 });
  const last = applyToPoint(toImage, { x: view.width, y: view.height });
  const [left, top] = [clamp(first.x, 0, picture.width), clamp(first.y, 0, picture.height)];
  return {
    x: left,
    y: top,
    width: clamp(last.x, 0, picture.width) - left,
    height: clamp(last.y, 0, picture.height) - top,
  };
}

/** Shown whole, the picture stays in the middle; larger, some of it is always under the middle of the view. */
function keepInSight(viewport: Viewport, picture: Size, view: Size): Viewport {
  if (isFit(viewport, picture, view)) return fit(picture, view);
  const scale = viewport.a;
  return {
    ...viewport,
    e: clamp(viewport.e, view.width / 2 - scale * picture.width, view.width / 2),
    f: clamp(viewport.f, view.height / 2 - scale * picture.height, view.height / 2),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
