import { expect, test } from 'vitest';
import { refusalOf } from './accepted';

test('files that are no films are named, and what to do is said', () => {
  const what =
    'of a kind that Mien reads: MP4, WebM, MOV or Matroska. Convert other films to one of these first.';
  expect(refusalOf(['a.txt'])).toBe(`a.txt is no film ${what}`);
  expect(refusalOf(['a.txt', '00001.mts'])).toBe(`a.txt, 00001.mts are no films ${what}`);
  const many = Array.from({ length: 12 }, (_, i) => `${i}.txt`);
  expect(refusalOf(many)).toContain('9.txt and 2 more are no films');
});
