import { describe, expect, test } from 'vitest';
import type { Metric } from '../../engine/types';
import {
  formatConfig,
  formatCount,
  formatPercent,
  formatYawBin,
  regionsOf,
  formatModelSize,
  whereItRunsWell,
} from './model';

describe('a model as text', () => {
  test('numbers are rounded to what a person reads', () => {
    expect([2_539_533, 102_079_488, 129_842, 1_780_000_000].map(formatCount)).toEqual([
      '2.54 million',
      '102 million',
      '130 thousand',
      '1.78 billion',
    ]);
    expect([4.2396, 0, null, undefined].map((value) => formatPercent(value))).toEqual([
      '4.24 %',
      '0.00 %',
      '–',
      '–',
    ]);
  });

  test('a range of yaw has its unit', () => {
    expect(formatYawBin('30-60')).toBe('30–60°');
  });

  test('the size is that of all files together', () => {
    const file = (bytes: number) => ({ path: 'x', bytes, sha256: '' });
    expect(formatModelSize({ files: [file(28_406), file(4_194_304), file(880_930)] })).toBe('5.1 MB');
    expect(formatModelSize({ files: [file(28_406), file(900)] })).toBe('30 kB');
  });

  test('the more a model computes, the more hardware it needs', () => {
    const places = [102e6, 1.8e9, 20e9].map(whereItRunsWell);
    expect(new Set(places).size).toBe(3);
    expect(places[0]).toContain('even without');
  });

  test('a configuration that is JSON is laid out, any other stays as it is', () => {
    expect(formatConfig('{"a":{"b":1}}')).toBe('{\n  "a": {\n    "b": 1\n  }\n}');
    expect(formatConfig('a = 1')).toBe('a = 1');
  });

  test('regions are those of all data sets', () => {
    const metric = (...names: string[]) =>
      ({ regions: Object.fromEntries(names.map((name) => [name, 1])) }) as unknown as Metric;
    expect(regionsOf([metric('jaw', 'eyes'), metric('eyes', 'mouth'), metric()])).toEqual([
      'jaw',
      'eyes',
      'mouth',
    ]);
  });
});
