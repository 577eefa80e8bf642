import { expect, test } from 'vitest';
import { parseFrames } from './chosen-frames';

test.each<[string, number[]]>([
  ['12', [11]],
  ['3, 1;2', [0, 1, 2]],
  ['4-6, 5 – 7', [3, 4, 5, 6]],
  ['1-100:50, 100', [0, 50, 99]],
])('%j', (text, frames) => {
  expect(parseFrames(text, 100)).toEqual(frames);
});

test.each([
  [' ', 'which frames?'],
  ['1, two', '"two" names no frames'],
  ['1-9:0', '"1-9:0" names no frames'],
  ['9-1', '"9-1" runs backwards'],
  ['0-3', '"0-3": the film has frames 1 to 100'],
  ['90-101', '"90-101": the film has frames 1 to 100'],
])('%j is refused', (text, message) => {
  expect(() => parseFrames(text, 100)).toThrow(message);
});
