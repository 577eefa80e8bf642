import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodePicture, limits, openPictureFile } from './decode';

// Decoding in a browser is tested in tests/e2e/photos-intake.test.ts.
describe('a picture whose decoding never ends', () => {
  let finish: (bitmap: { close: () => void }) => void;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('createImageBitmap', () => new Promise((resolve) => (finish = resolve)));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('times out, and is released if it ends after all', async () => {
    const opened = expect(decodePicture(new Blob(['x']), 'slow.jpg')).rejects.toMatchObject({
      problem: 'too-slow',
      file: 'slow.jpg',
      message: 'slow.jpg took more than 30 s to decode.',
    });
    await vi.advanceTimersByTimeAsync(limits.decodeMs);
    await opened;
    const close = vi.fn();
    finish({ close });
    await vi.advanceTimersByTimeAsync(0);
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('a file with too many bytes', () => {
  it('is rejected without being read', async () => {
    const file = new File([], 'huge.jpg');
    Object.defineProperty(file, 'size', { value: limits.bytes + 1 });
    const arrayBuffer = vi.spyOn(file, 'arrayBuffer');
    await expect(openPictureFile({ file, folder: 'a' })).rejects.toMatchObject({
      problem: 'too-large',
      message: 'a/huge.jpg is larger than 256 MB.',
    });
    expect(arrayBuffer).not.toHaveBeenCalled();
  });
});
