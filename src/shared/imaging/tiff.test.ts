import { describe, expect, it } from 'vitest';
import { tiffOf, type TiffLayout, type TiffPicture } from '../../../tests/fixtures/tiff';
import { orientationOf } from './orientation';
import { kindOf, readHeader } from './sniff';
import { pixelsOfTiff } from './tiff-pixels';

/** Samples of 5 × 3 px, each other than the others: the first of px i is 3 i. */
const pixels = Array.from({ length: 45 }, (_, i) => i);
const picture: TiffPicture = { width: 5, height: 3, pixels };
/** A small copy: all of it is 200. */
const thumbnail: TiffPicture = {
  ...{ width: 2, height: 1, pixels: [200, 200, 200, 200, 200, 200] },
  tags: { 254: [1] },
};

const layouts: [string, TiffLayout][] = [
  ['TIFF', {}],
  ['TIFF, high bytes first', { isLittle: false }],
  ['BigTIFF', { isBig: true }],
  ['BigTIFF, high bytes first', { isBig: true, isLittle: false }],
];

function read(bytes: Uint8Array<ArrayBuffer>) {
  const kind = kindOf(bytes)!;
  const { data, ...size } = pixelsOfTiff(bytes.buffer);
  expect(readHeader(kind, bytes)).toMatchObject(size);
  const rgb = [...data].filter((_, i) => i % 4 < 3);
  const alpha = [...data].filter((_, i) => i % 4 === 3);
  return { ...size, rgb, alpha, isAnimated: readHeader(kind, bytes)!.isAnimated };
}

describe.each(layouts)('%s', (_, layout) => {
  it('is read in strips and in tiles', () => {
    for (const tilePx of [undefined, 2, 16]) {
      const { width, height, rgb, isAnimated } = read(tiffOf([{ ...picture, tilePx }], layout));
      expect({ width, height, rgb, isAnimated }).toEqual({
        width: 5,
        height: 3,
        rgb: pixels,
        isAnimated: false,
      });
    }
  });

  it('is read with each colour in a plane of its own', () => {
    for (const tilePx of [undefined, 2, 16])
      for (const bits of [8, 16]) {
        const values = pixels.map((value) => value * (bits === 16 ? 257 : 1));
        const planes = { ...picture, bits, pixels: values, tilePx, isInPlanes: true };
        expect(read(tiffOf([planes], layout)).rgb).toEqual(pixels);
      }
  });

  it('of 16 bits keeps the high ones', () => {
    const fine = { ...picture, bits: 16, pixels: pixels.map((value) => 256 * value + 99) };
    for (const tilePx of [undefined, 2])
      expect(read(tiffOf([{ ...fine, tilePx }], layout)).rgb).toEqual(pixels);
    const gray = { ...fine, samples: 1, photometric: 1, pixels: fine.pixels.slice(0, 15) };
    const { rgb } = read(tiffOf([gray], layout));
    expect(rgb.filter((_, i) => i % 3 === 0)).toEqual(pixels.slice(0, 15));
  });

  it('whose small copy comes first gives the whole picture, from the next page or from beneath', () => {
    const found = { width: 5, height: 3, rgb: pixels, isAnimated: false };
    const turned = { ...picture, tags: { 274: [6] } };
    expect(read(tiffOf([thumbnail, picture], layout))).toMatchObject(found);
    expect(read(tiffOf([{ ...thumbnail, beneath: [picture] }], layout))).toMatchObject({ ...found });
    expect(orientationOf(tiffOf([thumbnail, turned], layout))).toBe(6);
    const copyTurned = { ...thumbnail, tags: { 254: [1], 274: [8] } };
    expect(orientationOf(tiffOf([{ ...copyTurned, beneath: [picture] }], layout))).toBe(8);
  });

  it('of several pages gives the first, however large the others are; copies beneath are no pages', () => {
    const larger = { ...picture, width: 9, height: 5, pixels: Array<number>(135).fill(9) };
    expect(read(tiffOf([picture, larger], layout))).toMatchObject({
      width: 5,
      rgb: pixels,
      isAnimated: true,
    });
    const pyramid = { ...picture, beneath: [thumbnail] };
    expect(read(tiffOf([pyramid], layout))).toMatchObject({ width: 5, rgb: pixels, isAnimated: false });
  });
});

describe('samples beyond the colours', () => {
  const four = { ...picture, samples: 4, pixels: Array.from({ length: 60 }, (_, i) => i) };
  it('are opacity where the file says so, and nothing where it does not', () => {
    const alphas = four.pixels.filter((_, i) => i % 4 === 3);
    expect(read(tiffOf([{ ...four, tags: { 338: [2] } }])).alpha).toEqual(alphas);
    expect(read(tiffOf([{ ...four, isInPlanes: true, tags: { 338: [2] } }])).alpha).toEqual(alphas);
    for (const tags of [undefined, { 338: [0] }])
      expect(new Set(read(tiffOf([{ ...four, tags }])).alpha)).toEqual(new Set([255]));
  });
});

describe('gray in JPEG', () => {
  /** 16 × 8 px: 40 on the left, 200 on the right. */
  const jpeg =
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMU' +
    'FRUVDA8XGBYUGBIUFRT/wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACAn/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oA' +
    'CAEBAAA/AAotW//Z';
  const packed = { width: 16, height: 8, samples: 1, pixels: [...Buffer.from(jpeg, 'base64')] };
  it('is gray, where the library makes colours of it', () => {
    const { width, height, rgb } = read(tiffOf([{ ...packed, photometric: 1, tags: { 259: [7] } }]));
    expect({ width, height }).toEqual({ width: 16, height: 8 });
    const wanted = rgb.map((_, i) => (Math.floor(i / 3) % 16 < 8 ? 40 : 200));
    expect(Math.max(...rgb.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(4);
  });

  it('from white to black is refused', () => {
    const bytes = tiffOf([{ ...packed, photometric: 0, tags: { 259: [7] } }]);
    expect(() => pixelsOfTiff(bytes.buffer)).toThrow('gray from white to black in JPEG is not supported');
  });
});

describe('numbers of floating point', () => {
  const bitsOf = (values: readonly number[]) => [...new Uint32Array(Float32Array.from(values).buffer)];
  const readGray = (values: readonly number[]) =>
    read(
      tiffOf([
        {
          ...{ width: values.length, height: 1, samples: 1, bits: 32, photometric: 1 },
          ...{ pixels: bitsOf(values), tags: { 339: [3] } },
        },
      ]),
    ).rgb.filter((_, i) => i % 3 === 0);

  it.each([
    ['shares', [0, 0.2, 1]],
    ['shares of which few are above 1', [0, 0.2, 1, 0.2, 7]],
    ['counted to 255', [0, 51, 255]],
    ['counted to 65 535', [0, 13_107, 65_535]],
    ['counted to something else', [0, 20_000, 100_000]],
    ['with some that are none, or below 0', [-3, 51, 255, NaN]],
  ])('%s', (_, values) => {
    expect(readGray(values).slice(0, 3)).toEqual([0, 51, 255]);
  });

  it('counted to 255 in colours are those colours', () => {
    const values = pixels.map((value) => 5 * value);
    const tags = { 339: [3, 3, 3] };
    const { rgb } = read(tiffOf([{ ...picture, bits: 32, pixels: bitsOf(values), tags }]));
    expect(Math.max(...rgb.map((value, i) => Math.abs(value - values[i])))).toBeLessThanOrEqual(1);
  });
});

describe('what the library would garble is refused', () => {
  const one = { samples: 1, photometric: 1, pixels: pixels.slice(0, 15) };
  it.each<[string, Partial<TiffPicture>]>([
    [
      'colours in planes of their own, other than RGB or in JPEG, are',
      { samples: 4, photometric: 5, isInPlanes: true, pixels: Array<number>(60).fill(1) },
    ],
    ['1 samples of 32 bits each are', { ...one, bits: 32 }],
    ['3 samples of signed 16 bits each are', { bits: 16, tags: { 339: [2, 2, 2] } }],
    ['3 samples of floating point 16 bits each are', { bits: 16, tags: { 339: [3, 3, 3] } }],
    ['5 samples of 16 bits each are', { samples: 5, bits: 16, pixels: Array<number>(75).fill(1) }],
    ['2 samples of 16 bits each are', { ...one, samples: 2, bits: 16, pixels: pixels.slice(0, 30) }],
    ['1 samples of 8 bits each are', { ...one, photometric: 2 }],
    [
      'CMYK in JPEG is',
      { samples: 4, photometric: 5, pixels: Array<number>(60).fill(1), tags: { 259: [7] } },
    ],
  ])('%s', (what, changes) => {
    const bytes = tiffOf([{ ...picture, ...changes }]);
    expect(() => pixelsOfTiff(bytes.buffer)).toThrow(`${what} not supported`);
  });

  it('and raw pictures of cameras are no TIFF', () => {
    const raw = { ...picture, samples: 1, photometric: 32803, pixels: pixels.slice(0, 15) };
    expect(kindOf(tiffOf([{ ...thumbnail, beneath: [raw] }]))).toBeUndefined();
  });

  it('cut short anywhere, and directories in a circle end', () => {
    for (const [, layout] of layouts) {
      const whole = tiffOf([thumbnail, picture], layout);
      for (let length = 0; length < whole.length; length++) {
        const cut = whole.slice(0, length);
        const kind = kindOf(cut);
        if (!kind || !readHeader(kind, cut)) continue;
        expect(() => pixelsOfTiff(cut.buffer)).toThrow();
      }
    }
    // A directory of its own beneath itself, as many as there may be, in the shape that takes the longest.
    const deep = tiffOf([{ ...thumbnail, tags: { 254: [1], 330: Array<number>(5000).fill(8) } }]);
    expect(() => readHeader(kindOf(deep)!, deep)).not.toThrow();
    // What lies beneath a whole picture is not needed.
    const odd = tiffOf([{ ...picture, tags: { 330: [0xffff] } }]);
    expect(read(odd)).toMatchObject({ width: 5, rgb: pixels });
    const round = tiffOf([picture]);
    // The next directory is the first one.
    round.set(round.slice(4, 8), round.length - 4);
    expect(read(round)).toMatchObject({ width: 5, isAnimated: false });
  });
});
