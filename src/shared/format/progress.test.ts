import { expect, test } from 'vitest';
import { formatProgress, formatSize } from './progress';

test('progress as text', () => {
  expect(formatProgress(null)).toEqual({ words: 'Getting ready', part: null });
  expect(
    formatProgress({ kind: 'download', what: 'the model', loadedBytes: 2_060_000, totalBytes: 4_120_000 }),
  ).toEqual({ words: 'Fetching the model: 2.1 MB of 4.1 MB', part: 0.5 });
  expect(formatProgress({ kind: 'backend', backend: 'wasm' })).toEqual({
    words: 'Starting WebAssembly',
    part: null,
  });
  expect(formatProgress({ kind: 'warm-up', done: 3, total: 4 })).toEqual({
    words: 'Warming up: 3 of 4',
    part: 0.75,
  });
  expect(formatProgress({ kind: 'shaders', done: 10, total: 40 })).toEqual({
    words: 'Preparing the graphics card: 10 of 40',
    part: 0.25,
  });
  expect(formatProgress({ kind: 'warm-up', done: 0, total: 0 }).part).toBeNull();
});

test.each([
  [6, '1 kB'],
  [42_665, '43 kB'],
  [99_999, '100 kB'],
  [134_000, '0.1 MB'],
  [2_060_000, '2.1 MB'],
])('a file of %d bytes has %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));
