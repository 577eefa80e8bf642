/** Points, boxes and affines, each tagged with its space: the only coordinate maths in Mien. All functions are pure. */

import type { Affine, Box, Points, Space } from './types';

/** Share (`Face.visible`) from which on a point counts as seen. */
export const MIN_VISIBLE = 0.5;

/** A position, in the units of its space. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a model says of its crops; a `Manifest` is one. */
export interface CropShape {
  /** Longer side of the crop over the larger side of the box that it is made for. */
  readonly cropMargin: number;
  /** Size of the network's input, px; the crop has its proportions. */
  readonly input: { readonly width: number; readonly height: number };
  /** See `Manifest.uprightWeights`. */
  readonly uprightWeights?: readonly number[] | null;
}

/** `outer` after `inner`: first A to B, then B to C. */
export function compose<A extends Space, B extends Space, C extends Space>(
  outer: Affine<B, C>,
  inner: Affine<A, B>,
): Affine<A, C> {
  return {
    a: outer.a * inner.a + outer.c * inner.b,
    b: outer.b * inner.a + outer.d * inner.b,
    c: outer.a * inner.c + outer.c * inner.d,
    d: outer.b * inner.c + outer.d * inner.d,
    e: outer.a * inner.e + outer.c * inner.f + outer.e,
    f: outer.b * inner.e + outer.d * inner.f + outer.f,
  };
}

const MIRROR: Affine<'crop', 'crop'> = { a: -1, b: 0, c: 0, d: 1, e: 1, f: 0 };

/** The same crop seen in a mirror; its points then bear the names of the other side, see `renamed`. */
export function mirroredCrop(crop: Affine<'image', 'crop'>): Affine<'image', 'crop'> {
  return compose(MIRROR, crop);
}

/** Points of a mirrored picture under their own names again. @param mirror as in `Scheme`. */
export function renamed<S extends Space>(points: Points<S>, mirror: readonly number[]): Points<S> {
  const named: Points<S> = new Float32Array(points.length);
  mirror.forEach((from, to) => named.set(points.subarray(2 * from, 2 * from + 2), 2 * to));
  return named;
}

/** @throws when the affine flattens the plane. */
export function invert<A extends Space, B extends Space>(affine: Affine<A, B>): Affine<B, A> {
  const { a, b, c, d, e, f } = affine;
  const determinant = a * d - b * c;
  if (!Number.isFinite(determinant) || determinant === 0) {
    throw new Error(`affine (${[a, b, c, d, e, f].join(', ')}) cannot be inverted`);
  }
  return {
    a: d / determinant,
    b: -b / determinant,
    c: -c / determinant,
    d: a / determinant,
    e: (c * f - d * e) / determinant,
    f: (b * e - a * f) / determinant,
  };
}

/** How many units of B one unit of A becomes; exact for rotations with one scale, the geometric mean otherwise. */
export function scaleOf(affine: Affine<Space, Space>): number {
  return Math.sqrt(Math.abs(affine.a * affine.d - affine.b * affine.c));
}

export function applyToPoint<A extends Space, B extends Space>(affine: Affine<A, B>, place: Point): Point {
  return {
    x: affine.a * place.x + affine.c * place.y + affine.e,
    y: affine.b * place.x + affine.d * place.y + affine.f,
  };
}

/** A new array; `points` stays as it is. */
export function apply<A extends Space, B extends Space>(affine: Affine<A, B>, points: Points<A>): Points<B> {
  const moved = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i];
    const y = points[i + 1];
    moved[i] = affine.a * x + affine.c * y + affine.e;
    moved[i + 1] = affine.b * x + affine.d * y + affine.f;
  }
  return moved;
}

export function pointAt<S extends Space>(points: Points<S>, index: number): Point {
  return { x: points[2 * index], y: points[2 * index + 1] };
}

/** The smallest upright box around the points. @throws when there is no point. */
export function boxOf<S extends Space>(points: Points<S>): Box<S> {
  if (points.length < 2) throw new Error('box of points: there is no point');
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    top = Math.min(top, points[i + 1]);
    bottom = Math.max(bottom, points[i + 1]);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function largerSide<S extends Space>(box: Box<S>): number {
  return Math.max(box.width, box.height);
}

/** Whether the box is a rectangle of finite numbers with an area: anything else makes no crop. */
export function hasSize(box: Box<Space>): boolean {
  const isFinite = [box.x, box.y, box.width, box.height].every(Number.isFinite);
  return isFinite && box.width > 0 && box.height > 0;
}

export function centreOf<S extends Space>(box: Box<S>): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Area that two boxes share, square px; 0 where they do not touch. */
function sharedArea<S extends Space>(one: Box<S>, other: Box<S>): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(width, 0) * Math.max(height, 0);
}

/** Intersection over union, 0..1; 0 for two empty boxes. */
export function overlap<S extends Space>(one: Box<S>, other: Box<S>): number {
  const shared = sharedArea(one, other);
  return shared && shared / (one.width * one.height + other.width * other.height - shared);
}

/** Share of a box, 0..1, that lies in another; 0 for an empty box. */
export function shareWithin<S extends Space>(box: Box<S>, other: Box<S>): number {
  const shared = sharedArea(box, other);
  return shared && shared / (box.width * box.height);
}

/** Mean distance between points of the same index, in the units of the space. */
export function meanDistance<S extends Space>(one: Points<S>, other: Points<S>): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 2) sum += Math.hypot(one[i] - other[i], one[i + 1] - other[i + 1]);
  return (2 * sum) / one.length;
}

export function meanPlace<S extends Space>(points: Points<S>, indices: readonly number[]): Point {
  let x = 0;
  let y = 0;
  for (const index of indices) {
    x += points[2 * index];
    y += points[2 * index + 1];
  }
  return { x: x / indices.length, y: y / indices.length };
}

/**
 * The rectangle of `widthPx` by `heightPx` around `centre`, turned by `angleRad` (positive: clockwise on the screen), to 0..1
 * each way. A face rolled by `angleRad` stands upright in the crop.
 */
export function cropAffine(
  centre: Point,
  widthPx: number,
  heightPx: number,
  angleRad = 0,
): Affine<'image', 'crop'> {
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  return {
    a: cos / widthPx,
    b: -sin / heightPx,
    c: sin / widthPx,
    d: cos / heightPx,
    e: 0.5 - (cos * centre.x + sin * centre.y) / widthPx,
    f: 0.5 + (sin * centre.x - cos * centre.y) / heightPx,
  };
}

/** The crop of a face of `facePx`, the larger side of its box, around `centre`, turned by `angleRad`. */
export function cropOfFace(
  centre: Point,
  facePx: number,
  angleRad: number,
  { cropMargin, input: { width, height } }: CropShape,
): Affine<'image', 'crop'> {
  const scale = (cropMargin * facePx) / Math.max(width, height);
  return cropAffine(centre, scale * width, scale * height, angleRad);
}

/** The crop of the face in `box`, about its centre, not turned. */
export function cropOfBox(box: Box<'image'>, shape: CropShape): Affine<'image', 'crop'> {
  return cropOfFace(centreOf(box), largerSide(box), 0, shape);
}

/** The square box of the face that a crop was made for. */
export function boxOfCrop(crop: Affine<'image', 'crop'>, { cropMargin }: CropShape): Box<'image'> {
  const back = invert(crop);
  const sidePx = Math.max(Math.hypot(back.a, back.b), Math.hypot(back.c, back.d)) / cropMargin;
  const { x, y } = applyToPoint(back, { x: 0.5, y: 0.5 });
  return { x: x - sidePx / 2, y: y - sidePx / 2, width: sidePx, height: sidePx };
}

/** Roll of the line between two points, −π..π; 0 when the first is straight left of the second. */
export function angleBetween(left: Point, right: Point): number {
  return Math.atan2(right.y - left.y, right.x - left.x);
}

/**
 * The angle by which a face is turned in the picture, −π..π, clockwise: by the head's own axis where the model knows its
 * weights, which holds up to full profile; else by the line through the eyes, which is off by 20° (median) beyond 60° of yaw.
 */
function rollOf(
  points: Points<'image'>,
  eyes: readonly [readonly number[], readonly number[]],
  weights: readonly number[] | null | undefined,
): number {
  if (!weights) return angleBetween(meanPlace(points, eyes[0]), meanPlace(points, eyes[1]));
  let [x, y] = [0, 0];
  weights.forEach((weight, i) => {
    x += weight * points[2 * i];
    y += weight * points[2 * i + 1];
  });
  return Math.atan2(-x, y);
}

/**
 * The crop that follows a face: upright, made for the box of the points once they stand upright. `eyes` holds the indices of
 * each eye's points, the eye on the left of the picture first.
 */
export function cropOfPoints(
  points: Points<'image'>,
  eyes: readonly [readonly number[], readonly number[]],
  shape: CropShape,
): Affine<'image', 'crop'> {
  const angleRad = rollOf(points, eyes, shape.uprightWeights);
  const turned = cropAffine({ x: 0, y: 0 }, 1, 1, angleRad);
  const box = boxOf(apply(turned, points));
  const centre = applyToPoint(invert(turned), centreOf(box));
  return cropOfFace(centre, largerSide(box), angleRad, shape);
}
