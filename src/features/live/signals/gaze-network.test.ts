import { afterEach, expect, test, vi } from 'vitest';
import { GazeNetwork } from './gaze-network.svelte';

afterEach(() => vi.useRealTimers());

function setUp() {
  const fetches: { resolve: () => void; reject: (thrown: Error) => void }[] = [];
  const events = { onHere: vi.fn(), onFailed: vi.fn() };
  const fetchFiles = () =>
    new Promise<void>((resolve, reject) => {
      fetches.push({ resolve, reject });
    });
  return { network: new GazeNetwork(fetchFiles, events), fetches, events };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

test('is fetched once it is asked for, and then is here; what takes a while is told', async () => {
  vi.useFakeTimers();
  const { network, fetches, events } = setUp();
  expect([network.want(), network.want(), fetches.length, network.isSlow]).toEqual([false, false, 1, false]);
  await vi.advanceTimersByTimeAsync(500);
  expect(network.isSlow).toBe(true);
  fetches[0].resolve();
  await settle();
  expect([network.want(), network.isSlow, fetches.length]).toEqual([true, false, 1]);
  expect(events.onHere).toHaveBeenCalledTimes(1);
});

test('that cannot be had is told of once, and fetched again when it is asked for again', async () => {
  vi.useFakeTimers();
  const { network, fetches, events } = setUp();
  expect(network.want()).toBe(false);
  fetches[0].reject(new Error('offline'));
  await settle();
  expect(events.onFailed.mock.calls).toEqual([[new Error('offline')]]);
  expect(fetches).toHaveLength(1);
  expect(network.want()).toBe(false);
  fetches[1].resolve();
  await settle();
  expect(network.want()).toBe(true);
});
