import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ABORT_GRACE_MS, withLimit } from './turn-limit';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMIT_MS = 20_000;
const never = new Promise<never>(() => {});
const reasonOf = (turn: Promise<unknown>) => turn.catch((thrown: unknown) => thrown);

test('a turn that ends in time settles as it ended, and is not given up', async () => {
  const onGivenUp = vi.fn();
  const { signal } = new AbortController();
  expect(await withLimit(Promise.resolve('points'), LIMIT_MS, signal, onGivenUp)).toBe('points');
  const failing = withLimit(Promise.reject(new Error('bad picture')), LIMIT_MS, signal, onGivenUp);
  await expect(failing).rejects.toThrow('bad picture');
  await vi.advanceTimersByTimeAsync(2 * LIMIT_MS);
  expect(onGivenUp).not.toHaveBeenCalled();
});

test('a turn that lasts too long is given up once', async () => {
  const onGivenUp = vi.fn();
  const reason = reasonOf(withLimit(never, LIMIT_MS, new AbortController().signal, onGivenUp));
  await vi.advanceTimersByTimeAsync(LIMIT_MS - 1);
  expect(onGivenUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await reason).toMatchObject({
    code: 'unresponsive',
    message: 'engine: did not finish within 20 s',
  });
  await vi.advanceTimersByTimeAsync(2 * LIMIT_MS);
  expect(onGivenUp).toHaveBeenCalledTimes(1);
});

test('one that was aborted is given up a few seconds after that, for that reason', async () => {
  const onGivenUp = vi.fn();
  const abort = new AbortController();
  const reason = reasonOf(withLimit(never, LIMIT_MS, abort.signal, onGivenUp));
  await vi.advanceTimersByTimeAsync(1000);
  abort.abort(new Error('not wanted'));
  await vi.advanceTimersByTimeAsync(ABORT_GRACE_MS - 1);
  expect(onGivenUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await reason).toMatchObject({ message: 'not wanted' });
  expect(onGivenUp).toHaveBeenCalledTimes(1);
});
