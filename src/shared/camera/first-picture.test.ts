import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waitForPicture } from './first-picture';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const video = Object.assign(new EventTarget(), { readyState: 0 });
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
  const abort = new AbortController();
  const settled = vi.fn();
  const waiting = waitForPicture(video, page, abort.signal).then(
    () => settled('picture'),
    (thrown) => settled(thrown.problem ?? thrown.name),
  );
  const show = (visibilityState: DocumentVisibilityState) => {
    page.visibilityState = visibilityState;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { video, abort, settled, waiting, show };
}

test('a camera that sends no picture for ten seconds is reported', async () => {
  const { settled } = open();
  await vi.advanceTimersByTimeAsync(9999);
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(settled).toHaveBeenCalledExactlyOnceWith('no-picture');
});

test('a page that is not seen waits for as long as that takes', async () => {
  const { video, settled, waiting, show } = open();
  await vi.advanceTimersByTimeAsync(5000);
  show('hidden');
  await vi.advanceTimersByTimeAsync(60_000);
  show('visible');
  await vi.advanceTimersByTimeAsync(9000);
  expect(settled).not.toHaveBeenCalled();
  video.dispatchEvent(new Event('loadeddata'));
  await waiting;
  expect(settled).toHaveBeenCalledExactlyOnceWith('picture');
});

test('ends when it is not wanted any more', async () => {
  const { abort, settled, waiting } = open();
  abort.abort();
  await waiting;
  expect(settled).toHaveBeenCalledExactlyOnceWith('AbortError');
  expect(vi.getTimerCount()).toBe(0);
});
