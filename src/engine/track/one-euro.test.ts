import { describe, expect, it } from 'vitest';
import { createOneEuro, oneEuroSettings } from './one-euro';

const FRAME_MS = 1000 / 30;
const SIZE_PX = 100;

/** Tremble of one still point, −0.5..0.5 px, as good as random but the same in every run. */
function tremble(frame: number): number {
  const scrambled = Math.sin(frame * 12.9898) * 43758.5453;
  return scrambled - Math.floor(scrambled) - 0.5;
}

function run(smoothing: number, count: number, place: (frame: number) => number, scale = 1): number[] {
  const filter = createOneEuro(oneEuroSettings(smoothing));
  return Array.from({ length: count }, (_, frame) => {
    const points = Float32Array.of(place(frame) * scale, 0);
    return filter.filter(points, frame * FRAME_MS, SIZE_PX * scale)[0] / scale;
  });
}

function deviation(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

describe('the One-Euro filter', () => {
  it('lets everything through at 0', () => {
    const place = (frame: number) => 50 + tremble(frame);
    run(0, 60, place).forEach((value, frame) => expect(value).toBeCloseTo(place(frame), 4));
  });

  it('calms a trembling point, the more the stronger', () => {
    const raw = deviation(Array.from({ length: 90 }, (_, frame) => tremble(frame)));
    const [weak, middle, strong] = [0.2, 0.5, 1].map((smoothing) =>
      deviation(run(smoothing, 90, tremble).slice(30)),
    );
    expect(middle).toBeLessThan(0.7 * raw);
    expect(strong).toBeLessThan(0.3 * raw);
    expect(strong).toBeLessThan(middle);
    expect(middle).toBeLessThan(weak);
  });

  it.each([
    [0.5, 0.004],
    [1, 0.016],
  ])('at %d lags a steady motion by less than %d face sizes, whatever the speed', (smoothing, mostLag) => {
    for (const facesPerSecond of [0.3, 1, 3]) {
      const place = (frame: number) => (frame / 30) * facesPerSecond * SIZE_PX;
      const lagPx = place(89) - run(smoothing, 90, place)[89];
      expect(lagPx).toBeGreaterThan(0);
      expect(lagPx).toBeLessThan(mostLag * SIZE_PX);
    }
  });

  it('treats near and far faces alike', () => {
    const place = (frame: number) => frame + tremble(frame);
    run(0.5, 60, place, 8).forEach((value, frame) =>
      expect(value).toBeCloseTo(run(0.5, 60, place)[frame], 2),
    );
  });

  it('counts in milliseconds: fewer frames in the same time come to the same place', () => {
    const at = (stepMs: number) => {
      const filter = createOneEuro(oneEuroSettings(0.8));
      let last = 0;
      for (let ms = 0; ms <= 400; ms += stepMs)
        last = filter.filter(Float32Array.of(ms < 100 ? 0 : 2, 0), ms, SIZE_PX)[0];
      return last;
    };
    expect(Math.abs(at(20) - at(10))).toBeLessThan(0.1);
  });

  it('starts anew when time does not rise, and after a reset', () => {
    const filter = createOneEuro(oneEuroSettings(1));
    filter.filter(Float32Array.of(0, 0), 1000, SIZE_PX);
    expect(filter.filter(Float32Array.of(40, 40), 900, SIZE_PX)).toEqual(Float32Array.of(40, 40));
    expect(filter.filter(Float32Array.of(10, 10), 900, SIZE_PX)).toEqual(Float32Array.of(10, 10));
    filter.reset();
    expect(filter.filter(Float32Array.of(70, 70), 1000, SIZE_PX)).toEqual(Float32Array.of(70, 70));
  });

  it('hands out arrays of its own', () => {
    const filter = createOneEuro(oneEuroSettings(0.5));
    const points = Float32Array.of(1, 2);
    const first = filter.filter(points, 0, SIZE_PX);
    filter.filter(Float32Array.of(9, 9), 33, SIZE_PX);
    expect(first).toEqual(Float32Array.of(1, 2));
    expect(points).toEqual(Float32Array.of(1, 2));
  });
});
