import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { avif, bmp, gif, heic, jpeg, png, tiff, webp } from '../../../tests/fixtures/headers';
import { kindOf, formatKinds, readHeader } from './sniff';

function read(bytes: Uint8Array) {
  const kind = kindOf(bytes);
  return kind && { type: kind.type, ...readHeader(kind, bytes) };
}

describe('the header of a picture', () => {
  it.each([
    ['image/jpeg', jpeg({ width: 700, height: 500 })],
    ['image/png', png({ width: 700, height: 500 })],
    ['image/gif', gif({ width: 700, height: 500 })],
    ['image/webp', webp({ width: 700, height: 500 })],
    ['image/avif', avif({ width: 700, height: 500 })],
    ['image/heic', heic({ width: 700, height: 500 })],
    ['image/bmp', bmp({ width: 700, height: 500 })],
    ['image/tiff', tiff({ width: 700, height: 500 })],
  ])('says type and size: %s', (type, bytes) => {
    expect(read(bytes)).toEqual({ type, width: 700, height: 500, isAnimated: false });
  });

  it.each([
    ['png', png({ width: 700, height: 500, frames: 2 })],
    ['gif', gif({ width: 700, height: 500, frames: 2 })],
    ['webp', webp({ width: 700, height: 500, frames: 2 })],
    ['avif', avif({ width: 700, height: 500, frames: 2 })],
    ['tiff, which has pages', tiff({ width: 700, height: 500, frames: 2 })],
  ])('says that it is animated: %s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ width: 700, height: 500, isAnimated: true });
  });

  it('is not found in anything else', () => {
    for (const text of [
      '',
      'GIF',
      'hello',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '%PDF-1.4',
      'RIFF    WAVE',
    ]) {
      expect(kindOf(new TextEncoder().encode(text))).toBeUndefined();
    }
  });

  it.each([
    ['jpeg', jpeg({ width: 700, height: 500 })],
    ['png', png({ width: 700, height: 500 })],
    ['webp', webp({ width: 700, height: 500 })],
    ['avif', avif({ width: 700, height: 500 })],
  ])('when truncated has no size, or the right one: %s', (_, whole) => {
    for (let length = 12; length < whole.length; length++) {
      const found = read(whole.slice(0, length));
      if (found?.width !== undefined) expect(found).toMatchObject({ width: 700, height: 500 });
    }
    expect(read(whole.slice(0, 14))?.width).toBeUndefined();
  });

  it('with random bytes after any start is read without an error, and terminates', () => {
    const beginnings = [jpeg, png, gif, webp, avif, bmp, tiff].map((make) =>
      make({ width: 700, height: 500 }),
    );
    const bytes = fc
      .tuple(fc.constantFrom(...beginnings), fc.nat(40), fc.uint8Array({ maxLength: 300 }))
      .map(([beginning, kept, rest]) => Uint8Array.from([...beginning.slice(0, kept), ...rest]));
    fc.assert(
      fc.property(bytes, (hostile) => {
        const found = read(hostile);
        if (found?.width !== undefined) expect(found.width * found.height!).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('lists the formats shown to people', () => {
    expect(formatKinds).toBe('JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF or BMP');
  });
});
