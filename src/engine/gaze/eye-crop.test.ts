import { describe, expect, it } from 'vitest';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { applyToPoint, cropOfPoints, invert, meanPlace, scaleOf, type Point } from '../geometry';
import { unpack } from '../landmark/prediction';
import type { Manifest, Points } from '../types';
import { eyePatches } from './eye-crop';

const CAMERA = { width: 1280, height: 720, fieldOfViewDeg: 60 };
/** Float32 through two affines, px. */
const FLOAT32_PX = 1e-2;
/** From brow to chin: the middle of the brows up, the chin down. */
const uprightWeights = Array.from({ length: 68 }, (_, i) => (i === 8 ? 1 : i >= 17 && i < 27 ? -0.1 : 0));
const RIGHT = [36, 37, 38, 39, 40, 41];
const LEFT = [42, 43, 44, 45, 46, 47];

const pointOf = (points: Points<'image'>, i: number): Point => ({ x: points[2 * i], y: points[2 * i + 1] });
const faceOf = (rollDeg: number) => seenFace({ rollDeg, yawDeg: 10 }, [4, -3, -60], CAMERA);
const patchesOf = (points: Points<'image'>) => eyePatches(points, { uprightWeights });

describe.each([0, 30, -120])('the patches of eyes of a face rolled by %d°', (rollDeg) => {
  const points = faceOf(rollDeg);
  const { left, right } = patchesOf(points);

  it('are about the middle of each eye', () => {
    for (const [patch, eye] of [
      [right, RIGHT],
      [left, LEFT],
    ] as const) {
      const { x, y } = applyToPoint(patch, meanPlace(points, eye));
      expect(x).toBeCloseTo(0.5, 5);
      expect(y).toBeCloseTo(0.5, 5);
    }
  });

  it('are 0.30 of the head’s crop wide and 0.225 high, and parallel to it', () => {
    const shape = { cropMargin: 1.4, input: { width: 128, height: 128 }, uprightWeights };
    const head = cropOfPoints(points, [RIGHT, LEFT], shape);
    expect(right.a / head.a).toBeCloseTo(1 / 0.3, 5);
    expect(right.c / head.c || 1 / 0.3).toBeCloseTo(1 / 0.3, 5);
    expect(right.d / head.d).toBeCloseTo(1 / 0.225, 5);
    expect(scaleOf(left)).toBeCloseTo(scaleOf(right), 8);
  });

  it('have the outer corner of either eye on the left, and the upper lid above: the left one is mirrored', () => {
    const [outerRight, innerRight] = [36, 39].map((i) => applyToPoint(right, pointOf(points, i)));
    const [outerLeft, innerLeft] = [45, 42].map((i) => applyToPoint(left, pointOf(points, i)));
    expect(outerRight.x).toBeLessThan(innerRight.x);
    expect(outerLeft.x).toBeLessThan(innerLeft.x);
    for (const [patch, upper, lower] of [
      [right, 37, 41],
      [left, 44, 46],
    ] as const)
      expect(applyToPoint(patch, pointOf(points, upper)).y).toBeLessThan(
        applyToPoint(patch, pointOf(points, lower)).y,
      );
  });

  it('bring back what the network finds to where it is, mirrored or not, with the spread in px', () => {
    const manifest = {
      cropMargin: 1.4,
      input: { width: 64, height: 48 },
      scheme: { pointCount: 1, eyes: null },
      output: { values: 'points-spread-visible-presence', packed: 'head' },
    } as unknown as Manifest;
    for (const [patch, i] of [
      [right, 38],
      [left, 43],
    ] as const) {
      const place = applyToPoint(patch, pointOf(points, i));
      const packed = Float32Array.of(place.x, place.y, Math.log(0.02), 0, 3);
      const found = unpack(packed, 0, patch, manifest);
      expect(Math.abs(found.points[0] - points[2 * i])).toBeLessThan(FLOAT32_PX);
      expect(Math.abs(found.points[1] - points[2 * i + 1])).toBeLessThan(FLOAT32_PX);
      expect(found.spread![0]).toBeCloseTo(0.02 * scaleOf(invert(patch)), 4);
      expect(found.spread![0]).toBeGreaterThan(0);
    }
  });
});

it('patches do not depend on the model that finds the points, but by which way is up', () => {
  const points = faceOf(0);
  const plain = eyePatches(points, { uprightWeights: null });
  const { left, right } = patchesOf(points);
  expect(Math.abs(scaleOf(plain.right) / scaleOf(right) - 1)).toBeLessThan(0.1);
  expect(Math.sign(plain.left.a)).toBe(Math.sign(left.a));
});
