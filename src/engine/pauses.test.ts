import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPause } from './pauses';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a short call is not held up, and gives no sign of life', async () => {
  let alive = 0;
  const pause = createPause(new AbortController().signal, () => alive++);
  await pause();
  expect(vi.getTimerCount()).toBe(0);
  expect(alive).toBe(0);
});

it('a long one lets its thread hear of an abort, and shows that it lives', async () => {
  let alive = 0;
  const calling = new AbortController();
  const pause = createPause(calling.signal, () => alive++);
  vi.advanceTimersByTime(600);
  const paused = pause().catch((reason: unknown) => reason);
  calling.abort('enough');
  await vi.advanceTimersByTimeAsync(1);
  expect(await paused).toBe('enough');
  expect(alive).toBe(1);
});
