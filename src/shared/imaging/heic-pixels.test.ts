import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { pixelsOfHeic, type Libheif } from './heic-pixels';
import { turnPixels, type Pixels } from './turn-pixels';
import type { Orientation } from './orientation';

const require = createRequire(import.meta.url);
const fixture = async (name: string) =>
  new Uint8Array(await readFile(new URL(`../../../tests/fixtures/heic/${name}.heic`, import.meta.url)));

let library: Libheif;
beforeAll(async () => {
  const create = require('libheif-js/libheif-wasm/libheif.js');
  const wasmBinary = await readFile(require.resolve('libheif-js/libheif-wasm/libheif.wasm'));
  library = await create({ wasmBinary });
});

/** In the middles of the quarters, row by row: bits of red, green, blue and alpha. */
function quartersOf({ width, height, data }: Pixels): string[] {
  return [0, 1, 2, 3].map((i) => {
    const x = Math.floor(width * (0.25 + 0.5 * (i % 2)));
    const y = Math.floor(height * (0.25 + 0.5 * Math.floor(i / 2)));
    return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)]
      .map((value) => Math.round(value / 255))
      .join('');
  });
}

const upright = ['1001', '0101', '0011', '1111'];

describe('HEIC', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)(
    'is turned once where HEIF and EXIF both say how (%i)',
    async (turn: Orientation) => {
      const found = await pixelsOfHeic(library, await fixture(`turn-${turn}`));
      const colours = upright.flatMap((bits) => Array.from(bits, (bit) => 255 * Number(bit)));
      const quarters = turnPixels({ width: 2, height: 2, data: Uint8ClampedArray.from(colours) }, turn);
      expect([found.width, found.height]).toEqual(turn >= 5 ? [48, 64] : [64, 48]);
      expect(quartersOf(found)).toEqual(quartersOf(quarters));
    },
  );

  it('of ten bits comes in eight', async () => {
    expect(quartersOf(await pixelsOfHeic(library, await fixture('ten-bit')))).toEqual(upright);
  });

  it('of several pictures is the primary one', async () => {
    const found = await pixelsOfHeic(library, await fixture('second-is-primary'));
    expect(found).toMatchObject({ width: 64, height: 48 });
    expect(quartersOf(found)).toEqual(upright);
  });

  it('keeps what is see-through', async () => {
    const alphas = quartersOf(await pixelsOfHeic(library, await fixture('alpha'))).map((bits) => bits[3]);
    expect(alphas.join('')).toBe('1110');
  });
});

test.each([0.1, 0.4, 0.7, 0.99])('cut at %f of its bytes it says so', async (part) => {
  const bytes = await fixture('face');
  const cut = bytes.slice(0, Math.floor(part * bytes.length));
  await expect(pixelsOfHeic(library, cut)).rejects.toThrow(/Invalid input/);
});
