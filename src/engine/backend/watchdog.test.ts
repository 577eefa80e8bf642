import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createWatchdog } from './watchdog';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('notices silence once, after its time', () => {
  const onSilence = vi.fn();
  const { signal } = createWatchdog(10_000, onSilence);
  vi.advanceTimersByTime(9_999);
  expect(onSilence).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100_000);
  expect(onSilence).toHaveBeenCalledTimes(1);
  expect(signal.aborted).toBe(true);
});

it('says nothing while it is fed, nor once it is stopped', () => {
  const onSilence = vi.fn();
  const { feed, stop } = createWatchdog(10_000, onSilence);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(8_000);
    feed();
  }
  stop();
  vi.advanceTimersByTime(100_000);
  expect(onSilence).not.toHaveBeenCalled();
});
