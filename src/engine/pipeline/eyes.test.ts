import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchEye } from './eyes';

/** Never answers. */
const silent = (_: unknown, { signal }: RequestInit = {}) =>
  new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
const options = { modelsUrl: 'https://mien.test/models/', cache: undefined };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', silent);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('an eye network that does not come is given up, with signs of life until then', async () => {
  let signs = 0;
  const fetching = fetchEye(options, () => signs++, new AbortController().signal);
  const failure = expect(fetching).rejects.toMatchObject({
    code: 'download-failed',
    message: expect.stringContaining('eye network') as string,
  });
  await vi.advanceTimersByTimeAsync(20_000);
  await failure;
  expect(signs).toBeGreaterThan(5);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(vi.getTimerCount()).toBe(0);
});

it('fetching the eye network ends with the call', async () => {
  const call = new AbortController();
  const fetching = fetchEye(options, () => {}, call.signal);
  const failure = expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
  await vi.advanceTimersByTimeAsync(100);
  call.abort();
  await failure;
  expect(vi.getTimerCount()).toBe(0);
});
