/** State of the viewer of one picture: zoom, chosen face and points, tool. It changes no face itself. */

import { applyToPoint, invert, type Point } from '../../../engine/geometry';
import type { Box, Face, Scheme } from '../../../engine/types';
import { partsOf } from '../../../shared/overlay/parts';
import type { Size } from '../../../shared/imaging/types';
import { fit, isFit, panBy, resized, reveal, showBox, zoomAt, type Viewport } from './canvas/viewport';

/** `correct`: pan, choose and drag. `box`: draw a box where a face was missed. */
export type Tool = 'correct' | 'box';

/** A point that is moved by key stays so far inside the view, CSS px. */
const revealMarginPx = 48;

export class Viewer {
  /** CSS px of the element; without area until it is laid out. */
  view = $state.raw<Size>({ width: 0, height: 0 });
  viewport = $state.raw<Viewport | null>(null);
  faceId = $state.raw<number | null>(null);
  /** Indices of the chosen points of the chosen face, the last one chosen last. */
  points = $state.raw<readonly number[]>([]);
  tool = $state.raw<Tool>('correct');
  box = $state.raw<Box<'image'> | null>(null);
  /** Where a finger hides what it drags. */
  loupe = $state.raw<Point | null>(null);
  /** Why the last detection in a box failed; '' where it did not. */
  problem = $state('');
  /** What just happened, for screen readers. */
  message = $state('');

  #picture: Size | null = null;

  /** Begins with another picture, shown whole. */
  open(picture: Size): void {
    this.#picture = picture;
    this.viewport = this.#hasArea ? fit(picture, this.view) : null;
    this.chooseFace(null);
    this.setTool('correct');
    this.problem = '';
  }

  resize(view: Size): void {
    const before = this.view;
    this.view = view;
    if (!this.#picture || !this.#hasArea) return;
    this.viewport =
      this.viewport && before.width && before.height
        ? resized(this.viewport, this.#picture, before, view)
        : fit(this.#picture, view);
  }

  get isWhole(): boolean {
    return !this.viewport || !this.#picture || isFit(this.viewport, this.#picture, this.view);
  }

  get middle(): Point {
    return { x: this.view.width / 2, y: this.view.height / 2 };
  }

  /** @param at place of the view that keeps showing the same pixel; its middle when left out */
  zoom(factor: number, at: Point = this.middle): void {
    this.#change((viewport, picture) => zoomAt(viewport, at, factor, picture, this.view));
  }

  pan(dx: number, dy: number): void {
    this.#change((viewport, picture) => panBy(viewport, dx, dy, picture, this.view));
  }

  showWhole(): void {
    this.#change((_, picture) => fit(picture, this.view));
  }

  showBox(box: Box<'image'>): void {
    this.#change((_, picture) => showBox(box, picture, this.view));
  }

  /** @param place of a point; one that is missing leaves the view as it is */
  reveal(place: Point): void {
    if (Number.isNaN(place.x) || Number.isNaN(place.y)) return;
    this.#change((viewport, picture) => reveal(viewport, place, revealMarginPx, picture, this.view));
  }

  /** The pixel under a place of the view. */
  toImage(place: Point): Point {
    return this.viewport ? applyToPoint(invert(this.viewport), place) : place;
  }

  chooseFace(id: number | null): void {
    if (id !== this.faceId) this.points = [];
    this.faceId = id;
  }

  /** @param extend adds the points to those already chosen, or takes them out when all of them are */
  choosePoints(indices: readonly number[], extend = false): void {
    if (!extend) {
      this.points = indices;
      return;
    }
    const others = this.points.filter((index) => !indices.includes(index));
    const hasAll = others.length + indices.length === this.points.length;
    this.points = hasAll ? others : [...others, ...indices];
  }

  /** The point after (`step` 1) or before (−1) the last chosen one; the first when none is. */
  stepPoint(step: 1 | -1, count: number): number {
    const last = this.points.at(-1);
    const next = last === undefined ? 0 : (last + step + count) % count;
    this.points = [next];
    return next;
  }

  /** Chooses all points connected with the chosen ones: an eye, a brow, the jaw. */
  choosePart(scheme: Scheme): void {
    const parts = partsOf(scheme);
    const all = this.points.flatMap((index) => parts[index] ?? []);
    this.points = all.filter((index, i) => all.indexOf(index) === i);
  }

  setTool(tool: Tool): void {
    this.tool = tool;
    this.box = null;
  }

  /** A box in the middle of the view to begin with, where one is drawn by keys. */
  startBox(): void {
    this.setTool('box');
    const side = Math.min(this.view.width, this.view.height) / 2;
    const from = this.toImage({ x: this.middle.x - side / 2, y: this.middle.y - side / 2 });
    const to = this.toImage({ x: this.middle.x + side / 2, y: this.middle.y + side / 2 });
    this.box = { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y };
  }

  /** Moves the box, or its lower right corner, by so many CSS px. */
  changeBox(dx: number, dy: number, resizing: boolean): void {
    if (!this.box || !this.viewport) return;
    const [x, y] = [dx / this.viewport.a, dy / this.viewport.a];
    const { box } = this;
    const least = 8 / this.viewport.a;
    this.box = resizing
      ? { ...box, width: Math.max(least, box.width + x), height: Math.max(least, box.height + y) }
      : { ...box, x: box.x + x, y: box.y + y };
  }

  get #hasArea(): boolean {
    return this.view.width > 0 && this.view.height > 0;
  }

  #change(change: (viewport: Viewport, picture: Size) => Viewport): void {
    if (this.viewport && this.#picture) this.viewport = change(this.viewport, this.#picture);
  }
}

/** The face after (`step` 1) or before (−1) the chosen one, round and round; null when there is none. */
export function nextFace<F extends Pick<Face, 'id'>>(
  faces: readonly F[],
  chosen: number | null,
  step: 1 | -1,
): F | null {
  if (!faces.length) return null;
  const at = faces.findIndex(({ id }) => id === chosen);
  if (at < 0) return faces[step > 0 ? 0 : faces.length - 1];
  return faces[(at + step + faces.length) % faces.length];
}
