import { expect, it } from 'vitest';
import { formatAmount, formatMs, formatShape } from './format';
import { byVariance, columnsFor } from './order';

it('numbers of a network are short', () => {
  expect([7, 999, 1000, 18_496, 320_000, 2_063_173, 104_984_320].map(formatAmount)).toEqual([
    '7',
    '999',
    '1.0 k',
    '18 k',
    '320 k',
    '2.1 M',
    '105 M',
  ]);
  expect(formatShape([32, 32, 64])).toBe('32 × 32 × 64');
  expect([0, 0.123, 12.345].map(formatMs)).toEqual(['0', '0.12', '12.3']);
});

it('channels stand by variance, and in their own order where it is the same', () => {
  expect(byVariance([1, 3, 0, 3])).toEqual([1, 3, 0, 2]);
  expect([1, 16, 64, 512].map((tiles) => columnsFor(tiles, 16))).toEqual([1, 4, 8, 16]);
});
