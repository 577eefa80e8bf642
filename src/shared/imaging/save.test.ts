import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { urlLifetimeMs, saveFile } from './save';

beforeEach(() => {
  vi.useFakeTimers();
  const link = { href: '', download: '', click: vi.fn() };
  vi.stubGlobal('document', { createElement: () => link });
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('the object URL of a saved file stays valid while the browser asks the user, then is released', () => {
  saveFile(new Blob(['x']), 'x.txt');
  vi.advanceTimersByTime(30_000);
  expect(URL.revokeObjectURL).not.toHaveBeenCalled();
  vi.advanceTimersByTime(urlLifetimeMs);
  expect(URL.revokeObjectURL).toHaveBeenCalledExactlyOnceWith('blob:1');
});
