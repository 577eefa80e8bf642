import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeFace, makeResult, makeSignals } from '../../../tests/fixtures/signals';
import { LiveResults, READING_MS } from './results.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const result = makeResult(0, [makeFace(makeSignals({ yawDeg: 10 }), { id: 7 })]);

test('who draws has each result at once, the screen hears of them four times a second', () => {
  const results = new LiveResults();
  const onRead = vi.fn();
  results.begin(onRead);
  results.add(result);
  results.add(result);
  expect(results.latest).toBe(result);
  expect([results.faceCount, results.count, results.reading, results.signals.reading]).toEqual([
    0,
    0,
    null,
    null,
  ]);
  vi.advanceTimersByTime(READING_MS);
  expect([results.faceCount, results.count, onRead.mock.calls.length]).toEqual([1, 2, 1]);
  expect(results.reading).not.toBeNull();
  expect(results.signals.reading?.id).toBe(7);
});

test('a view that ended tells of no face and no speed, and nothing is read any more', () => {
  const results = new LiveResults();
  const onRead = vi.fn();
  results.begin(onRead);
  results.add(result);
  vi.advanceTimersByTime(READING_MS);
  results.end();
  const isEmpty = () => [results.latest, results.faceCount, results.reading, results.signals.latest];
  expect(isEmpty()).toEqual([null, 0, null, null]);
  vi.advanceTimersByTime(10 * READING_MS);
  expect(isEmpty()).toEqual([null, 0, null, null]);
  expect(onRead).toHaveBeenCalledTimes(1);
  // Those of this visit are counted through.
  results.begin(onRead);
  results.add(result);
  vi.advanceTimersByTime(READING_MS);
  expect(results.count).toBe(2);
});

test('faces that are forgotten are gone at once; the speed is still told', () => {
  const results = new LiveResults();
  results.begin(() => undefined);
  results.add(result);
  vi.advanceTimersByTime(READING_MS);
  results.forgetFaces();
  expect([results.latest, results.faceCount, results.signals.reading]).toEqual([null, 0, null]);
  expect(results.reading).not.toBeNull();
  results.end();
});
