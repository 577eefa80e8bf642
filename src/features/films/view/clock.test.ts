import { expect, test } from 'vitest';
import { createPlayClock } from './clock';

test('the film follows its sound while that runs, and goes on at its own pace without', () => {
  let [systemMs, soundMs] = [1000, null as number | null];
  const clock = createPlayClock(
    500,
    () => soundMs,
    () => systemMs,
  );
  expect(clock.now()).toBe(500);
  systemMs = 1100;
  expect(clock.now()).toBe(600);
  // It starts late, and runs a little slower.
  soundMs = 520;
  expect(clock.now()).toBe(520);
  [systemMs, soundMs] = [1200, 610];
  expect(clock.now()).toBe(610);
  // It is over before the picture is.
  [systemMs, soundMs] = [1250, null];
  expect(clock.now()).toBe(660);
});
