import { describe, expect, test } from 'vitest';
import { applyToPoint } from '../../engine/geometry';
import { viewAffine } from './view';

const image = { width: 640, height: 480 };

describe('image to view', () => {
  test('contain shows the corners, with bars at the sides of a wide element', () => {
    const affine = viewAffine(image, { width: 1000, height: 480 }, 'contain', false);
    expect(applyToPoint(affine, { x: 0, y: 0 })).toEqual({ x: 180, y: 0 });
    expect(applyToPoint(affine, { x: 640, y: 480 })).toEqual({ x: 820, y: 480 });
  });

  test('cover fills the element and cuts equally on both sides', () => {
    const affine = viewAffine(image, { width: 480, height: 480 }, 'cover', false);
    expect(applyToPoint(affine, { x: 80, y: 0 })).toEqual({ x: 0, y: 0 });
    expect(applyToPoint(affine, { x: 560, y: 480 })).toEqual({ x: 480, y: 480 });
  });

  test.each(['contain', 'cover'] as const)(
    '%s mirrored is the reflection in the middle of the element',
    (fit) => {
      const view = { width: 390, height: 520 };
      const place = { x: 123, y: 45 };
      const plain = applyToPoint(viewAffine(image, view, fit, false), place);
      const mirrored = applyToPoint(viewAffine(image, view, fit, true), place);
      expect(mirrored.x).toBeCloseTo(view.width - plain.x, 9);
      expect(mirrored.y).toBeCloseTo(plain.y, 9);
    },
  );

  test('a picture without area is an error, not a point at infinity', () => {
    expect(() => viewAffine({ width: 0, height: 0 }, image, 'cover', false)).toThrow('no area');
  });
});
