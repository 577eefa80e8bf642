import { afterEach, expect, it, vi } from 'vitest';
import { bitmapOf } from './bitmap-of';

afterEach(() => vi.unstubAllGlobals());

/** How a picture of that size is asked for, with at most 100 px a side. */
async function askedFor(width: number, height: number): Promise<unknown> {
  const create = vi.fn(async (..._asked: unknown[]) => ({}));
  vi.stubGlobal('createImageBitmap', create);
  vi.stubGlobal('ImageData', Object);
  await bitmapOf({ data: new Uint8ClampedArray(4 * width * height), width, height }, 100);
  return create.mock.calls[0][1];
}

it('leaves a picture of the longest side or less as it is', async () => {
  expect(await askedFor(100, 40)).toBeUndefined();
});

it('scales a longer one to the longest side, never to nothing', async () => {
  expect(await askedFor(400, 100)).toMatchObject({ resizeWidth: 100, resizeHeight: 25 });
  expect(await askedFor(1, 400)).toMatchObject({ resizeWidth: 1, resizeHeight: 100 });
});
