import { expect, it } from 'vitest';
import { isCutShort } from './cut-short';

const header = [0x1a, 0x45, 0xdf, 0xa3, 0x80];
const unknown = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const segment = (size: readonly number[]) => [0x18, 0x53, 0x80, 0x67, ...size];
const cluster = (size: readonly number[], bytes = 4) => [
  ...[0x1f, 0x43, 0xb6, 0x75],
  ...size,
  ...Array<number>(bytes).fill(0),
];
const cut = (...parts: readonly number[][]) => isCutShort(new Blob([Uint8Array.from(parts.flat())]));

it('a WebM whose last cluster goes on beyond its end is cut short, a whole one is not', async () => {
  expect(await cut(header, segment(unknown), cluster([0x84]), cluster([0x84]))).toBe(false);
  expect(await cut(header, segment(unknown), cluster([0x84]), cluster([0x84], 3))).toBe(true);
});

it('as is one whose end lies beyond that of the file', async () => {
  const clusters = [...cluster([0x84]), ...cluster([0x40, 0x04])];
  expect(await cut(header, segment([0x80 + clusters.length]), clusters)).toBe(false);
  expect(await cut(header, segment([0x80 + clusters.length + 9]), clusters)).toBe(true);
  const long = [...clusters, ...cluster([0x87], 7)];
  expect(await cut(header, segment([0x01, 0, 0, 0, 0, 0, 0, long.length]), long)).toBe(false);
  expect(await cut(header, segment([0x01, 0, 0, 0, 0, 0, 0, long.length + 1]), long)).toBe(true);
});

it('of clusters without a size nobody knows, nor of other files', async () => {
  expect(await cut(header, segment(unknown), cluster(unknown, 3))).toBe(false);
  expect(await cut([...'....ftypmp42'].map((letter) => letter.charCodeAt(0)))).toBe(false);
  expect(await cut([])).toBe(false);
});
