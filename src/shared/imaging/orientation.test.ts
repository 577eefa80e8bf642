import { describe, expect, it } from 'vitest';
import { exif, withExif, withExifChunk } from '../../../tests/fixtures/exif';
import { jpeg, png, tiff } from '../../../tests/fixtures/headers';
import { orientationOf, uprightSize } from './orientation';
import { pixelsOfTiff } from './tiff-pixels';
import { turnPixels } from './turn-pixels';

const size = { width: 3, height: 2 };
const turns = [1, 2, 3, 4, 5, 6, 7, 8] as const;

describe('how a picture is turned', () => {
  it.each(turns)('is read from JPEG, PNG and TIFF in either order of bytes: %i', (turn) => {
    for (const isLittle of [true, false]) {
      expect(orientationOf(withExif(jpeg(size), exif(turn, isLittle)))).toBe(turn);
      expect(orientationOf(withExifChunk(png(size), exif(turn, isLittle)))).toBe(turn);
    }
    expect(orientationOf(tiff({ ...size, orientation: turn }))).toBe(turn);
  });

  it('is upright where nothing or nonsense is said, and where the data are cut short', () => {
    expect(orientationOf(jpeg(size))).toBe(1);
    expect(orientationOf(png(size))).toBe(1);
    expect(orientationOf(withExif(jpeg(size), exif(9)))).toBe(1);
    const whole = withExif(jpeg(size), exif(6));
    for (let length = 0; length < whole.length; length++)
      expect([1, 6]).toContain(orientationOf(whole.subarray(0, length)));
  });

  it('changes width and height from the fifth turn on', () => {
    expect(turns.map((turn) => uprightSize(size, turn).width)).toEqual([3, 3, 3, 3, 2, 2, 2, 2]);
  });
});

describe('pixels', () => {
  /** What each px of the upright picture is of the stored 3 × 2 ones, 0 to 5 by rows. */
  const wanted = {
    1: [0, 1, 2, 3, 4, 5],
    2: [2, 1, 0, 5, 4, 3],
    3: [5, 4, 3, 2, 1, 0],
    4: [3, 4, 5, 0, 1, 2],
    5: [0, 3, 1, 4, 2, 5],
    6: [3, 0, 4, 1, 5, 2],
    7: [5, 2, 4, 1, 3, 0],
    8: [2, 5, 1, 4, 0, 3],
  };

  it.each(turns)('are turned upright: %i', (turn) => {
    const data = new Uint8ClampedArray(24).map((_, i) => Math.floor(i / 4));
    const upright = turnPixels({ ...size, data }, turn);
    expect([...upright.data].filter((_, i) => i % 4 === 0)).toEqual(wanted[turn]);
    expect(upright).toMatchObject(uprightSize(size, turn));
  });

  it.each(turns)('of a TIFF come out upright: %i', (turn) => {
    const { width, height, data } = pixelsOfTiff(tiff({ ...size, orientation: turn }).buffer as ArrayBuffer);
    expect({ width, height }).toEqual(uprightSize(size, turn));
    // Red of stored px i is 3 i.
    expect([...data].filter((_, i) => i % 4 === 0).map((red) => red / 3)).toEqual(wanted[turn]);
    expect(data[3]).toBe(255);
  });

  it('of a TIFF that is cut short are refused, not shown black', () => {
    const bytes = tiff({ width: 300, height: 200 });
    expect(() => pixelsOfTiff(bytes.buffer as ArrayBuffer)).toThrow('its pixels are cut short');
  });

  it.each([
    ['compression 99 is', [[259, 99]]],
    ['colours of kind 8 (as CIELab) are', [[262, 8]]],
    ['YCbCr without JPEG is', [[262, 6]]],
    [
      'CMYK of other than 8 bits is',
      [
        [262, 5],
        [258, 16],
      ],
    ],
  ])('of a TIFF of another kind are refused, not shown black or garbled: %s', (what, changes) => {
    const bytes = tiff(size);
    for (const [tag, value] of changes) {
      const at = bytes.findIndex((byte, i) => byte === tag % 256 && bytes[i + 1] === 1 && bytes[i + 2] === 4);
      bytes[at + 8] = value;
    }
    expect(() => pixelsOfTiff(bytes.buffer as ArrayBuffer)).toThrow(`${what} not supported`);
  });
});
