import { describe, expect, test } from 'vitest';
import { boxBetween, faceAt, hitRadiusPx, pointAt, radiusFor } from './hit';

const toView = { a: 2, b: 0, c: 0, d: 2, e: 10, f: 20 };
const face = { points: new Float32Array([0, 0, 50, 0, 50, 50]), box: { x: 0, y: 0, width: 50, height: 50 } };

describe('hit', () => {
  test('targets are at least 24 px across for every pointer', () => {
    for (const radius of Object.values(hitRadiusPx)) expect(2 * radius).toBeGreaterThanOrEqual(24);
    expect(radiusFor('touch')).toBeGreaterThan(radiusFor('mouse'));
    expect(radiusFor('')).toBe(hitRadiusPx.mouse);
  });

  test('finds the nearest landmark within the radius, in the view', () => {
    expect(pointAt(face, toView, { x: 110, y: 25 }, 12)).toBe(1);
    expect(pointAt(face, toView, { x: 110, y: 119 }, 12)).toBe(2);
    expect(pointAt(face, toView, { x: 60, y: 60 }, 12)).toBeNull();
  });

  test('of faces that lie over each other the smaller one is meant', () => {
    const small = { points: face.points, box: { x: 10, y: 10, width: 10, height: 10 } };
    expect(faceAt([face, small], toView, { x: 40, y: 50 }, 0)).toBe(small);
    expect(faceAt([face, small], toView, { x: 100, y: 110 }, 0)).toBe(face);
    expect(faceAt([face, small], toView, { x: 200, y: 200 }, 0)).toBeNull();
  });

  test('a box may be drawn from any corner', () => {
    const box = { x: 2, y: 3, width: 8, height: 5 };
    expect(boxBetween({ x: 10, y: 3 }, { x: 2, y: 8 })).toEqual(box);
    expect(boxBetween({ x: 2, y: 8 }, { x: 10, y: 3 })).toEqual(box);
  });
});
