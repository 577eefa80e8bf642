import { expect, it } from 'vitest';
import { exif, withExif } from '../../../tests/fixtures/exif';
import { jpeg } from '../../../tests/fixtures/headers';
import { tiffOf } from '../../../tests/fixtures/tiff';
import { isTurned } from './upright';

const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const little = (value: number) => [0, 8, 16, 24].map((bits) => (value >> bits) & 255);
const chunk = (name: string, content: readonly number[]) => [
  ...letters(name),
  ...little(content.length),
  ...content,
];
/** Pixels of some size, which is what they are turned by comes behind. */
const pixels = Array<number>(600_000).fill(7);

it.each([
  [
    'TIFF, whose directory comes last',
    'image/tiff',
    (turn: number) => [...tiffOf([{ width: 500, height: 400, pixels, tags: { 274: [turn] } }])],
  ],
  [
    'WebP, whose EXIF data come last',
    'image/webp',
    (turn: number) => {
      const body = [...letters('WEBP'), ...chunk('VP8L', pixels), ...chunk('EXIF', exif(turn))];
      return [...letters('RIFF'), ...little(body.length), ...body];
    },
  ],
  ['JPEG', 'image/jpeg', (turn: number) => [...withExif(jpeg({ width: 5, height: 4 }), exif(turn))]],
] as const)('a turned picture is known as such: %s', async (_, type, make) => {
  const turns = [1, 6].map((turn) => isTurned(new Blob([Uint8Array.from(make(turn))], { type })));
  expect(await Promise.all(turns)).toEqual([false, true]);
});
