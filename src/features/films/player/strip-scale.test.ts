import { describe, expect, it } from 'vitest';
import { alone, formatValue, tickLabels, timeRange, valueRange } from './strip-scale';

describe('scales of the curves', () => {
  it('never have the same label twice, and a minus sign', () => {
    expect(tickLabels([-20, 0, 20], 20)).toEqual(['−20', '0', '20']);
    expect(tickLabels([0.95, 0.975, 1], 0.025)).toEqual(['0.950', '0.975', '1.000']);
    expect(formatValue(-0.5)).toBe('−0.50');
    expect(formatValue(-0.001)).toBe('0.00');
    expect(formatValue(null)).toBe('–');
  });

  it('are wide enough for two decimals where a line is nearly flat', () => {
    const [low, high] = valueRange(0.9998, 1.0001);
    expect(high - low).toBeCloseTo(0.1, 10);
    expect((low + high) / 2).toBeCloseTo(0.99995, 10);
    expect(valueRange(-30, 20)).toEqual([-30, 20]);
  });

  it('begin at the only frame where there is one', () => {
    expect(timeRange(2, 2)).toEqual([2, 3]);
    expect(timeRange(0, 10)).toEqual([0, 10]);
  });

  it('show values that stand alone, which no line leads to', () => {
    expect(alone([1])).toEqual([0]);
    expect(alone([1, 2, null, 3, null, null, 4])).toEqual([3, 6]);
  });
});
