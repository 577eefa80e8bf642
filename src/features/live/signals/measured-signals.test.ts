import { expect, test, vi } from 'vitest';
import { MeasuredSignals, type SignalUse } from './measured-signals';

const nothing = { signals: false, axes: false, gaze: false };

function setUp() {
  let use: SignalUse = { settings: nothing, isShown: true, isRecording: false, isSending: false };
  const fetchEyeNetwork = vi.fn(async () => undefined);
  const measured = new MeasuredSignals(() => use, fetchEyeNetwork, {
    onHere: () => undefined,
    onFailed: () => undefined,
  });
  /** The tuning of a frame under such a use. */
  const tuningOf = (patch: Partial<SignalUse>) => {
    use = { ...use, ...patch };
    return measured.tuning();
  };
  return { measured, fetchEyeNetwork, tuningOf };
}

test('signals are measured while anything shows, keeps or sends them, and the page is shown', () => {
  const { tuningOf, fetchEyeNetwork } = setUp();
  const off = { signals: false, gaze: false };
  const on = { signals: true, gaze: false };
  expect(tuningOf({})).toEqual(off);
  expect(tuningOf({ settings: { ...nothing, signals: true } })).toEqual(on);
  expect(tuningOf({ settings: { ...nothing, axes: true } })).toEqual(on);
  expect(tuningOf({ settings: nothing, isRecording: true })).toEqual(on);
  expect(tuningOf({ isRecording: false, isSending: true })).toEqual(on);
  expect(tuningOf({ isShown: false })).toEqual(off);
  expect(fetchEyeNetwork).not.toHaveBeenCalled();
});

test('gaze is measured once its network is here, which only a shown page fetches', async () => {
  const { tuningOf, fetchEyeNetwork } = setUp();
  const settings = { ...nothing, gaze: true };
  expect(tuningOf({ settings, isShown: false })).toEqual({ signals: false, gaze: false });
  expect(fetchEyeNetwork).not.toHaveBeenCalled();
  expect(tuningOf({ isShown: true })).toEqual({ signals: true, gaze: false });
  await vi.waitFor(() => expect(tuningOf({})).toEqual({ signals: true, gaze: true }));
  expect(fetchEyeNetwork).toHaveBeenCalledTimes(1);
});

test('a network that takes a while is told of for as long as gaze is wanted', async () => {
  vi.useFakeTimers();
  const { measured, tuningOf, fetchEyeNetwork } = setUp();
  let arrive = () => {};
  fetchEyeNetwork.mockReturnValue(new Promise((resolve) => (arrive = () => resolve(undefined))));
  tuningOf({ settings: { ...nothing, gaze: true } });
  expect(measured.isFetchingGaze).toBe(false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(measured.isFetchingGaze).toBe(true);
  tuningOf({ settings: nothing });
  expect(measured.isFetchingGaze).toBe(false);
  tuningOf({ settings: { ...nothing, gaze: true } });
  arrive();
  await vi.advanceTimersByTimeAsync(0);
  expect(measured.isFetchingGaze).toBe(false);
  vi.useRealTimers();
});
