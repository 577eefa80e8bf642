import { describe, expect, it } from 'vitest';
import {
  apply,
  applyToPoint,
  boxOf,
  boxOfCrop,
  compose,
  cropAffine,
  cropOfBox,
  cropOfPoints,
  invert,
  meanDistance,
  overlap,
  shareWithin,
  scaleOf,
  type CropShape,
} from './geometry';
import type { Affine, Points } from './types';

const FLOAT32_PX = 1e-3;

/** Two eyes of two points each, a nose and a chin: 100 px wide, 120 px high, upright. */
const FACE: Points<'image'> = Float32Array.of(100, 50, 120, 50, 180, 50, 200, 50, 150, 90, 150, 170);
const EYES = [
  [0, 1],
  [2, 3],
] as const;

/** A square network's crops. */
const square = (cropMargin: number): CropShape => ({ cropMargin, input: { width: 64, height: 64 } });
/** Those of a network with an upright input. */
const UPRIGHT: CropShape = { cropMargin: 1.5, input: { width: 60, height: 80 } };

function turned(points: Points<'image'>, angleRad: number): Points<'image'> {
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  const turn: Affine<'image', 'image'> = { a: cos, b: sin, c: -sin, d: cos, e: 0, f: 0 };
  return apply(turn, points);
}

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = FLOAT32_PX): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i] - wanted[i])).toBeLessThan(tolerance);
}

describe('affines', () => {
  const crop = cropAffine({ x: 300, y: 200 }, 150, 150, 0.4);

  it('bring points there and back', () => {
    const back = apply(invert(crop), apply(crop, FACE));
    expectClose(back, FACE);
  });

  it('compose in the order they are said: outer after inner', () => {
    const shift: Affine<'image', 'image'> = { a: 2, b: 0, c: 0, d: 2, e: 5, f: -7 };
    expectClose(apply(compose(crop, shift), FACE), apply(crop, apply(shift, FACE)));
  });

  it('leave their argument alone', () => {
    const copy = Float32Array.from(FACE);
    apply(crop, FACE);
    cropOfPoints(FACE, EYES, square(1.4));
    expect(FACE).toEqual(copy);
  });

  it('know their scale', () => {
    expect(scaleOf(crop)).toBeCloseTo(1 / 150, 10);
  });

  it('refuse to invert what flattens the plane', () => {
    expect(() => invert({ a: 1, b: 1, c: 1, d: 1, e: 0, f: 0 })).toThrow(/cannot be inverted/);
    expect(() => invert(cropAffine({ x: 0, y: 0 }, 0, 0))).toThrow(/cannot be inverted/);
  });
});

describe('boxes', () => {
  it('hold points left of and above the origin too', () => {
    expect(boxOf(Float32Array.of(-5, -8, -1, -2))).toEqual({ x: -5, y: -8, width: 4, height: 6 });
  });

  it('need a point', () => {
    expect(() => boxOf(new Float32Array(0))).toThrow(/no point/);
  });

  it('lie in one another by the share of the one', () => {
    const one = { x: 0, y: 0, width: 10, height: 10 };
    expect(shareWithin({ x: 2, y: 2, width: 4, height: 4 }, one)).toBe(1);
    expect(shareWithin(one, { x: 2, y: 2, width: 4, height: 4 })).toBeCloseTo(0.16, 10);
    expect(shareWithin(one, { x: 20, y: 20, width: 4, height: 4 })).toBe(0);
    expect(shareWithin({ x: 2, y: 2, width: 0, height: 0 }, one)).toBe(0);
  });

  it('overlap by their shared part of the whole', () => {
    const one = { x: 0, y: 0, width: 10, height: 10 };
    expect(overlap(one, one)).toBe(1);
    expect(overlap(one, { x: 5, y: 0, width: 10, height: 10 })).toBeCloseTo(1 / 3, 10);
    expect(overlap(one, { x: 10, y: 0, width: 10, height: 10 })).toBe(0);
    expect(overlap({ x: 0, y: 0, width: 0, height: 0 }, { x: 0, y: 0, width: 0, height: 0 })).toBe(0);
  });
});

describe('crops', () => {
  it('put the corners of the square at 0 and 1', () => {
    const crop = cropOfBox({ x: 10, y: 20, width: 100, height: 50 }, square(2));
    expect(applyToPoint(crop, { x: -40, y: -55 })).toEqual({ x: 0, y: 0 });
    expect(applyToPoint(crop, { x: 160, y: 145 })).toEqual({ x: 1, y: 1 });
  });

  it('show a leaning face as they show the upright one', () => {
    const upright = apply(cropOfPoints(FACE, EYES, square(1.4)), FACE);
    for (const degrees of [-170, -90, -30, 10, 45, 120]) {
      const leaning = turned(FACE, (degrees * Math.PI) / 180);
      expectClose(apply(cropOfPoints(leaning, EYES, square(1.4)), leaning), upright, 1e-5);
    }
  });

  it('turn by the axis of the head where the model knows its weights, whatever the eyes say', () => {
    // Half a head in profile: both eyes above each other, brow to chin upright.
    const profile = Float32Array.of(10, 0, 12, 8, 20, 30, 10, 60);
    const eyes = [[0], [1]] as const;
    const uprightWeights = [-1, 0, 0, 1];
    for (const degrees of [-60, 0, 25, 170]) {
      const angleRad = (degrees * Math.PI) / 180;
      const leaning = turned(profile, angleRad);
      const { a, b } = cropOfPoints(leaning, eyes, { ...square(1.4), uprightWeights });
      expect(Math.cos(Math.atan2(-b, a) - angleRad)).toBeCloseTo(1, 6);
      const byEyes = cropOfPoints(leaning, eyes, square(1.4));
      expect(Math.cos(Math.atan2(-byEyes.b, byEyes.a) - angleRad)).toBeLessThan(0.5);
    }
  });

  it('centre the points and leave the margin around the larger side', () => {
    const box = boxOf(apply(cropOfPoints(FACE, EYES, square(1.5)), FACE));
    expect(box.height).toBeCloseTo(1 / 1.5, 5);
    expect(box.x + box.width / 2).toBeCloseTo(0.5, 5);
    expect(box.y + box.height / 2).toBeCloseTo(0.5, 5);
  });

  it('have the proportions of the input, the longer side by the margin', () => {
    const crop = cropOfBox({ x: 10, y: 20, width: 100, height: 50 }, UPRIGHT);
    // 150 px high, and 150 · 60 / 80 wide, around (60, 45).
    const [width, height] = [112.5, 150];
    const corner = applyToPoint(invert(crop), { x: 0, y: 0 });
    expectClose([corner.x, corner.y], [60 - width / 2, 45 - height / 2]);
    const far = applyToPoint(invert(crop), { x: 1, y: 1 });
    expectClose([far.x, far.y], [60 + width / 2, 45 + height / 2]);
    expect(scaleOf(crop)).toBeCloseTo(1 / Math.sqrt(width * height), 10);
  });

  it('show a leaning face as they show the upright one, in proportions other than square too', () => {
    const upright = apply(cropOfPoints(FACE, EYES, UPRIGHT), FACE);
    const leaning = turned(FACE, 0.6);
    expectClose(apply(cropOfPoints(leaning, EYES, UPRIGHT), leaning), upright, 1e-5);
  });

  it.each([square(1.4), UPRIGHT])('give back the box of the face that they were made for', (shape) => {
    const found = boxOfCrop(cropOfBox({ x: 10, y: 20, width: 100, height: 50 }, shape), shape);
    expectClose([found.x, found.y, found.width, found.height], [10, -5, 100, 100]);
  });
});

it('mean distance counts each point once', () => {
  expect(meanDistance(Float32Array.of(0, 0, 1, 1), Float32Array.of(3, 4, 1, 1))).toBe(2.5);
});
