import { describe, expect, it } from 'vitest';
import { deviationOf, selfTestCrop } from './self-test';

describe('the crop of the self-test', () => {
  it('is lighter in the face than around it, darker at eyes and mouth, and alike left and right', () => {
    const [width, height] = [64, 80];
    const gray = selfTestCrop(width, height);
    const at = (u: number, v: number) => gray[Math.floor(v * height) * width + Math.floor(u * width)];
    expect(gray).toHaveLength(width * height);
    expect(at(0.5, 0.5)).toBeGreaterThan(150);
    expect(at(0.02, 0.02)).toBeLessThan(80);
    for (const [u, v] of [
      [0.37, 0.42],
      [0.63, 0.42],
      [0.5, 0.73],
    ])
      expect(at(u, v)).toBeLessThan(at(0.5, 0.5) - 50);
    for (let row = 0; row < height; row++) {
      const line = [...gray.subarray(row * width, (row + 1) * width)];
      expect(line).toEqual([...line].reverse());
    }
  });
});

it('is the one that training makes', () => {
  // As training/tests/test_self_test.py has it.
  const small = [
    [65, 78, 93, 93, 78, 65],
    [69, 93, 120, 120, 93, 69],
    [74, 97, 121, 121, 97, 74],
    [78, 118, 120, 120, 118, 78],
    [79, 124, 178, 178, 124, 79],
    [76, 114, 154, 154, 114, 76],
    [71, 98, 130, 130, 98, 71],
    [66, 82, 100, 100, 82, 66],
  ];
  expect([...selfTestCrop(6, 8)]).toEqual(small.flat());
});

describe('how far points lie from where they should', () => {
  it.each([
    [[0.1, 0.2], [0.1, 0.2], 0],
    [[0.1, 0.25], [0.1, 0.5], 0.25],
    [[0.1, Number.NaN], [0.1, 0.5], Infinity],
    [[0.1, Infinity], [0.1, 0.5], Infinity],
    [[0.1], [0.1, 0.5], Infinity],
    [[Number.NaN, 0.5], [0.1, 0.5], Infinity],
  ])('%j against %j: %d', (found, wanted, expected) => {
    expect(deviationOf(found, wanted)).toBeCloseTo(expected, 9);
  });
});
