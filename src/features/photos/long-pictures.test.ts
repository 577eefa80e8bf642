import { describe, expect, test } from 'vitest';
import { foundFace } from '../../../tests/fixtures/photos';
import { movedBy, partsOfLong, withoutDoubles } from './long-pictures';

describe('a long picture', () => {
  test.each([
    [20_000, 512],
    [512, 20_000],
    [3072, 512],
  ])('of %i × %i px is searched in parts that cover it and share a shorter side', (width, height) => {
    const parts = partsOfLong({ width, height })!;
    const [start, length] = width > height ? (['x', 'width'] as const) : (['y', 'height'] as const);
    const ends = parts.map((part) => part[start] + part[length]);
    expect([parts[0][start], ends.at(-1)]).toEqual([0, Math.max(width, height)]);
    for (let i = 1; i < parts.length; i++)
      expect(ends[i - 1] - parts[i][start]).toBeGreaterThanOrEqual(Math.min(width, height) - 1);
  });

  test('is one from six times its height on', () => {
    expect(partsOfLong({ width: 3000, height: 512 })).toBeNull();
  });

  test('has a face once that two parts found, where it is in the picture', () => {
    const sure = { ...foundFace(110, 20), score: 0.9 };
    const cut = { ...foundFace(10, 20), score: 0.6 };
    const part = { x: 100, y: 0, width: 300, height: 100 };
    const [face, ...others] = withoutDoubles([sure, movedBy(cut, part)]);
    expect(others).toEqual([]);
    expect(face).toEqual(sure);
    expect([...movedBy(cut, part).points]).toEqual([...sure.points]);
    expect(withoutDoubles([movedBy(cut, { ...part, x: 300 }), sure]).map(({ id }) => id)).toEqual([1, 2]);
  });
});
