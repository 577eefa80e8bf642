import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../tests/fixtures/random';
import { createLowPass, createRunningQuantile } from './running';

describe('a low-pass', () => {
  it('has 63 % of a step after its time constant, whatever the frame rate', () => {
    for (const frameMs of [10, 25, 50]) {
      const filter = createLowPass();
      filter.next([0, 5], 0, 100);
      let values: readonly number[] = [];
      for (let timeMs = frameMs; timeMs <= 100; timeMs += frameMs) values = filter.next([1, 5], timeMs, 100);
      expect(values[0]).toBeCloseTo(1 - 1 / Math.E, 5);
      expect(values[1]).toBe(5);
    }
  });

  it('of 0 ms does not filter, and starts anew where time does not rise', () => {
    const filter = createLowPass();
    filter.next([0], 0, 0);
    expect(filter.next([1], 40, 0)).toEqual([1]);
    expect(filter.next([3], 80, 100)[0]).toBeLessThan(3);
    expect(filter.next([7], 80, 100)).toEqual([7]);
  });
});

describe('a running quantile', () => {
  it('comes to where it belongs, and stays', () => {
    const random = createRandom(1);
    const ninth = createRunningQuantile(0.2, 0.9, 0.1);
    for (let i = 0; i < 5000; i++) ninth.add(random(), 0.033);
    expect(Math.abs(ninth.value - 0.9)).toBeLessThan(0.05);
  });

  it('does not pass what it is drawn to', () => {
    const quantile = createRunningQuantile(0, 0.9, 1);
    quantile.add(0.01, 10);
    expect(quantile.value).toBe(0.01);
    quantile.add(0.5, 0);
    expect(quantile.value).toBe(0.01);
  });
});
