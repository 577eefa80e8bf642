import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPicture } from './pictures';

/** JPEG moves colours a little: levels of 255. */
const JPEG_TOLERANCE = 6;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'mien-pictures-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** 16 × 8 px: the left half red, the right half blue. */
function redAndBlue() {
  const data = Buffer.alloc(3 * 16 * 8);
  for (let i = 0; i < 16 * 8; i++) data[3 * i + (i % 16 < 8 ? 0 : 2)] = 255;
  return sharp(data, { raw: { width: 16, height: 8, channels: 3 } });
}

/** Of the pixel in a corner: red, green, blue. */
const corner = (
  { width, height, data }: { width: number; height: number; data: ArrayLike<number> },
  right: boolean,
  below: boolean,
) => {
  const at = 4 * ((below ? height - 1 : 0) * width + (right ? width - 1 : 0));
  return [data[at], data[at + 1], data[at + 2]];
};

describe('a file', () => {
  it.each(['path', 'URL', 'text of a URL', 'bytes', 'ArrayBuffer', 'Blob'])(
    'is read by its %s',
    async (kind) => {
      const path = join(folder, 'Grüße an #1 %41.png');
      await redAndBlue().png().toFile(path);
      const bytes = await redAndBlue().png().toBuffer();
      const url = pathToFileURL(path);
      const given = {
        path,
        URL: url,
        'text of a URL': url.href,
        bytes,
        Blob: new Blob([new Uint8Array(bytes)]),
        ArrayBuffer: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
      }[kind];
      const picture = await openPicture(given as never);
      expect([picture.width, picture.height]).toEqual([16, 8]);
      expect(corner(picture, true, false)).toEqual([0, 0, 255]);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is upright as EXIF orientation %i says', async (orientation) => {
    const turned = await redAndBlue().withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
    const picture = await openPicture(turned);
    const swaps = orientation > 4;
    expect([picture.width, picture.height]).toEqual(swaps ? [8, 16] : [16, 8]);
    // Where the stored picture's top left corner is then: https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf
    const [right, below] = [[2, 3, 6, 7].includes(orientation), [3, 4, 7, 8].includes(orientation)];
    const [red, , blue] = corner(picture, right, below);
    expect(red).toBeGreaterThan(255 - JPEG_TOLERANCE);
    expect(blue).toBeLessThan(JPEG_TOLERANCE);
  });

  it('is 8 bits a colour, whatever it was: grey, 16 bits, palette, CMYK, half transparent', async () => {
    const grey = redAndBlue().toColourspace('b-w').png();
    const deep = redAndBlue().toColourspace('rgb16').png();
    const palette = redAndBlue().png({ palette: true });
    const cmyk = redAndBlue().toColourspace('cmyk').jpeg({ quality: 100 });
    const clear = redAndBlue().ensureAlpha(0.5).png();
    const greyDeep = redAndBlue().toColourspace('grey16').png();
    for (const file of [grey, deep, palette, cmyk, clear, greyDeep]) {
      const { width, height, data } = await openPicture(await file.toBuffer());
      expect([width, height, data.length]).toEqual([16, 8, 4 * 16 * 8]);
      expect(data.some((value) => value > 60)).toBe(true);
    }
    expect(corner(await openPicture(await deep.toBuffer()), false, false)).toEqual([255, 0, 0]);
    expect(corner(await openPicture(await clear.toBuffer()), false, false)[0]).toBeCloseTo(128, -1);
    const [, level] = corner(await openPicture(await greyDeep.toBuffer()), false, false);
    expect(level).toEqual(corner(await openPicture(await grey.toBuffer()), false, false)[1]);
  });

  it.each([
    ['that is not there', 'none.png', /none\.png/],
    ['that is a folder', '.', /.+/],
    ['that is empty', new Uint8Array(0), /.+/],
    ['that is no picture', new TextEncoder().encode('no picture'), /format/],
    ['of another scheme', new URL('https://example.org/a.png'), /file/],
  ])('%s is refused with a word', async (_, file, message) => {
    await expect(openPicture(file)).rejects.toThrow(message);
  });
});

describe('pixels', () => {
  const data = new Uint8ClampedArray(4 * 6);

  it('are taken as they are', async () => {
    expect(await openPicture({ width: 3, height: 2, data })).toMatchObject({ width: 3, height: 2, data });
  });

  it.each([
    ['too few', { width: 3, height: 3, data }],
    ['three a pixel', { width: 4, height: 2, data }],
    ['a negative size', { width: -3, height: -2, data }],
    ['a broken size', { width: 1.5, height: 4, data }],
    ['no size', { width: Number.NaN, height: 2, data }],
    ['no pixels', { width: 0, height: 0, data: new Uint8Array(0) }],
    ['floats', { width: 3, height: 2, data: new Float32Array(data.length) }],
    ['text', { width: 3, height: 2, data: 'x'.repeat(24) }],
  ])('%s are refused, saying what is needed', async (_, picture) => {
    await expect(openPicture(picture as never)).rejects.toThrow(/px|bytes/);
  });
});

it.each([null, undefined, 5, true, {}, [1, 2]])(
  'what is no picture is refused, saying what is one: %o',
  async (picture) => {
    await expect(openPicture(picture as never)).rejects.toThrow(
      'must be a path, a URL of a file, its bytes, or { width, height, data }',
    );
  },
);
