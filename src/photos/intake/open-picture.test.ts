import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodePicture, limits, openPicture } from './open-picture';

// What a browser makes of pictures is tried in tests/e2e/photos-intake.test.ts.
describe('a picture that never ends to decode', () => {
  let finish: (bitmap: { close: () => void }) => void;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('createImageBitmap', () => new Promise((resolve) => (finish = resolve)));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is given up after a while, and let go should it end after all', async () => {
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

describe('a file of too many bytes', () => {
  it('is refused unread', async () => {
    const file = new File([], 'huge.jpg');
    Object.defineProperty(file, 'size', { value: limits.bytes + 1 });
    const arrayBuffer = vi.spyOn(file, 'arrayBuffer');
    await expect(openPicture({ file, folder: 'a', truth: [] })).rejects.toMatchObject({
      problem: 'too-large',
      message: 'a/huge.jpg is larger than 256 MB.',
    });
    expect(arrayBuffer).not.toHaveBeenCalled();
  });
});
