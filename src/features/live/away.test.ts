import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Away, AWAY_MS } from './away.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const rest = vi.fn(() => away.setResting(true));
  const away: Away = new Away(rest);
  return { away, rest };
}

it('a short visit to another page lets nothing go', () => {
  const { away, rest } = setUp();
  expect(away.show()).toBe(false);
  away.hide();
  vi.advanceTimersByTime(AWAY_MS - 1);
  expect(away.show()).toBe(false);
  vi.advanceTimersByTime(AWAY_MS);
  expect(rest).not.toHaveBeenCalled();
});

it('a long one lets the camera go once, which opens again once', () => {
  const { away, rest } = setUp();
  away.show();
  away.hide();
  vi.advanceTimersByTime(2 * AWAY_MS);
  expect(rest).toHaveBeenCalledTimes(1);
  expect([away.show(), away.show()]).toEqual([true, false]);
});

it('what is asked for meanwhile takes the place of what was let go', () => {
  const { away } = setUp();
  away.show();
  away.hide();
  vi.advanceTimersByTime(AWAY_MS);
  away.setResting(false);
  expect(away.show()).toBe(false);
});
