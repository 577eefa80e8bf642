import { describe, expect, it } from 'vitest';
import { formatFaces, formatLeft, formatRange, formatShots, formatTime } from './labels';
import { createPaceMeter } from './tracking/pace';

describe('times', () => {
  it.each([
    [0, '0:00.0'],
    [7340, '0:07.3'],
    [59_970, '1:00.0'],
    [3_723_040, '1:02:03.0'],
    [-480, '−0:00.5'],
    [-20, '0:00.0'],
  ])('%d ms are %s', (timeMs, text) => expect(formatTime(timeMs)).toBe(text));

  it.each([
    [400, '1 s'],
    [89_000, '89 s'],
    [200_000, 'about 3 min'],
    [7_200_000, 'about 2 h'],
  ])('%d ms left are %s', (leftMs, text) => expect(formatLeft(leftMs)).toBe(text));
});

it('ranges of angles have a minus sign, but for a zero', () => {
  expect(formatRange({ low: -90.4, high: -0.3 })).toBe('−90 to 0°');
  expect(formatRange({ low: -0.4, high: 3.2 })).toBe('0 to 3°');
});

it('one is not many', () => {
  expect([formatShots(1), formatShots(2), formatFaces(1), formatFaces(0)]).toEqual(['1 shot', '2 shots', '1 face', '0 faces']); // prettier-ignore
});

describe('the pace of reading', () => {
  it('is that of the last seconds, and tells the time left', () => {
    const meter = createPaceMeter();
    expect(meter.pace(10_000)).toBeNull();
    // 10 frames a second of a film of 25: its time passes at 0.4 of the clock's.
    for (let i = 0; i <= 100; i++) meter.add(40 * i, 100 * i);
    const pace = meter.pace(10_000)!;
    expect(pace.framesPerSecond).toBeCloseTo(10, 5);
    expect(pace.leftMs).toBeCloseTo(6000 / 0.4, 5);
    expect(meter.pace(null)!.leftMs).toBeNull();
  });
});
