import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeGaze } from '../../../../../tests/fixtures/signals';
import type { Gaze } from '../../../../engine/types';
import { GazeView, STEADY_MS } from './gaze-view.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A promise that is settled from outside. */
function deferred<T = undefined>() {
  let [resolve, reject] = [(_: T): void => undefined, (_: Error): void => undefined];
  const promise = new Promise<T>((...how) => ([resolve, reject] = how));
  return { promise, resolve, reject };
}

function setUp() {
  const fetches: ReturnType<typeof deferred<undefined>>[] = [];
  const view = new GazeView(() => {
    fetches.push(deferred());
    return fetches.at(-1)!.promise;
  });
  return { view, fetches };
}
const steady = () => vi.advanceTimersByTimeAsync(STEADY_MS);
const settle = () => vi.advanceTimersByTimeAsync(0);
const gaze = makeGaze({ yawDeg: 5 });

test('the network is fetched once, with the first face that is asked about', async () => {
  const { view, fetches } = setUp();
  expect([view.state.kind, fetches.length]).toEqual(['off', 0]);
  void view.show(async () => gaze);
  await steady();
  expect([view.state.kind, fetches.length]).toEqual(['fetching', 1]);
  fetches[0].resolve(undefined);
  await settle();
  expect(view.state).toEqual({ kind: 'told', gaze });
  void view.show(async () => null);
  expect(view.state.kind).toBe('reading');
  await steady();
  expect([view.state, fetches.length]).toEqual([{ kind: 'told', gaze: null }, 1]);
  void view.show(null);
  expect(view.state.kind).toBe('off');
});

test('points that are being dragged are read once they rest, and what is late is not told', async () => {
  const { view, fetches } = setUp();
  const late = deferred<Gaze | null>();
  const asked: number[] = [];
  let signal: AbortSignal | undefined;
  void view.show((of) => {
    signal = of;
    return late.promise;
  });
  await steady();
  fetches[0].resolve(undefined);
  await settle();
  for (let step = 0; step < 5; step++) {
    void view.show(async () => {
      asked.push(step);
      return gaze;
    });
    await vi.advanceTimersByTimeAsync(STEADY_MS / 2);
  }
  expect([asked, signal?.aborted]).toEqual([[], true]);
  await steady();
  late.resolve(null);
  await settle();
  expect([asked, view.state]).toEqual([[4], { kind: 'told', gaze }]);
});

test('what fails is told, and tried again with the next face', async () => {
  const { view, fetches } = setUp();
  void view.show(async () => gaze);
  await steady();
  fetches[0].reject(new Error('eye/model.json: offline'));
  await settle();
  expect(view.state).toEqual({
    kind: 'failed',
    message: 'The network for gaze could not be fetched. Check the connection.',
    detail: 'eye/model.json: offline',
  });
  void view.show(() => Promise.reject(new Error('the worker died')));
  await steady();
  fetches[1].resolve(undefined);
  await settle();
  expect(view.state).toMatchObject({
    kind: 'failed',
    message: 'The eyes could not be read.',
    detail: 'the worker died',
  });
  void view.show(async () => gaze);
  await steady();
  expect([view.state.kind, fetches.length]).toEqual(['told', 2]);
});

test('a network that comes when nobody asks any more is kept', async () => {
  const { view, fetches } = setUp();
  void view.show(async () => gaze);
  await steady();
  void view.show(null);
  fetches[0].resolve(undefined);
  await settle();
  expect(view.state.kind).toBe('off');
  void view.show(async () => gaze);
  await steady();
  expect([view.state.kind, fetches.length]).toEqual(['told', 1]);
});
