import { describe, expect, test } from 'vitest';
import { foundFace } from '../../../tests/fixtures/photos';
import { apply } from '../../engine/geometry';
import { enlarged, scaledBox, scaleOf, shrinking } from './scaled-pictures';

const full = { width: 20_000, height: 500 };

describe('a picture too large to be decoded whole', () => {
  test('has its faces in px of the full size', () => {
    const scale = scaleOf(full, { width: 10_000, height: 250 });
    expect(scale).toBe(2);
    const face = enlarged(foundFace(10, 20), scale);
    expect([...face.points]).toEqual([20, 40, 40, 40, 30, 80]);
    expect([...face.spread!]).toEqual([2, 4, 6]);
    expect(face.box).toEqual({ x: 20, y: 40, width: 20, height: 40 });
    expect(scaledBox(face.box, 1 / scale)).toEqual(foundFace(10, 20).box);
    expect([...apply(shrinking(scale), face.points)]).toEqual([...foundFace(10, 20).points]);
  });

  test('one that is decoded whole keeps them as they are', () => {
    expect(scaleOf(full, full)).toBe(1);
    const face = foundFace(1, 2);
    expect(enlarged(face, 1)).toBe(face);
  });
});
