import { expect, it } from 'vitest';
import { sheetOf } from './sheet';

/** Two channels of 2 by 2 cells: one rises from −1 to 2, the other is flat. */
const VALUES = Float32Array.of(-1, 5, 0, 5, 1, 5, 2, 5);

it('stretches each channel to the whole range of grey, and tells what it was', () => {
  const sheet = sheetOf('maps', VALUES, [1, 2, 2, 2], false);
  expect([...sheet.cells]).toEqual([0, 85, 170, 255, 0, 0, 0, 0]);
  expect([...sheet.variances]).toEqual([1.25, 0]);
  expect([...sheet.lows, ...sheet.highs]).toEqual([-1, 5, 2, 5]);
  expect(sheet).toMatchObject({ width: 2, height: 2, channels: 2, moments: null });
});

it('tells expectation and deviation of heatmaps, by the centres of their cells', () => {
  // All of it in the cell on the right below; half of it in each cell of the upper row.
  const shares = Float32Array.of(0, 0.5, 0, 0.5, 0, 0, 1, 0);
  const { moments } = sheetOf('maps', shares, [1, 2, 2, 2], true);
  expect([...moments!].map((value) => Number(value.toFixed(6)))).toEqual([0.75, 0.75, 0, 0.5, 0.25, 0.25]);
});
