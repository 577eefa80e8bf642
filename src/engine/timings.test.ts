import { expect, it } from 'vitest';
import { createStopwatch, type GpuClock } from './timings';

/** A GPU that takes so long over each span, one after the other. */
function clockOf(...times: (number | null)[]): GpuClock {
  return { time: (run) => ({ value: run(), span: { readMs: () => times.shift() ?? null } }) };
}

it('sums what the GPU tells of each stage, over all passes', () => {
  const watch = createStopwatch();
  const clock = clockOf(1, 10, 2, 20);
  for (let pass = 0; pass < 2; pass++) {
    expect(watch.timeOnGpu('cropMs', clock, () => 'crop')).toBe('crop');
    watch.timeOnGpu('networkMs', clock, () => {});
    watch.readGpu();
  }
  expect(watch.timings().gpu).toEqual({ cropMs: 3, networkMs: 30 });
});

it('tells nothing of the GPU where one pass was not told, or there is no clock', () => {
  const untold = createStopwatch();
  const clock = clockOf(1, null);
  untold.timeOnGpu('cropMs', clock, () => {});
  untold.timeOnGpu('networkMs', clock, () => {});
  untold.readGpu();
  expect(untold.timings()).not.toHaveProperty('gpu');

  const without = createStopwatch();
  without.timeOnGpu('cropMs', null, () => {});
  without.readGpu();
  expect(without.timings()).not.toHaveProperty('gpu');
});
