import { describe, expect, it } from 'vitest';
import { changeBetween, createShotDetector, histogramOf } from './shots';

const [WIDTH, HEIGHT] = [64, 36];

/** @param greyAt of x, y as shares of the frame, 0..255 */
function frame(greyAt: (x: number, y: number) => number) {
  const rgba = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const grey = greyAt((i % WIDTH) / WIDTH, Math.floor(i / WIDTH) / HEIGHT);
    rgba.set([grey, grey, grey, 255], 4 * i);
  }
  return histogramOf(rgba, WIDTH, HEIGHT);
}

/** A bright disc before a gradient. */
const scene = (centre: number, light = 1) =>
  frame((x, y) => light * (Math.hypot(x - centre, y - 0.5) < 0.2 ? 210 : 40 + 60 * x));
const otherScene = (shift: number) => frame((x, y) => (Math.sin(20 * (x + y + shift)) > 0 ? 250 : 130));

const cutsOf = (frames: readonly Float32Array[]) => {
  const detector = createShotDetector();
  return frames.flatMap((histogram, i) => (detector.isCut(histogram) ? [i] : []));
};
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('histograms', () => {
  it('add up to 1 and do not differ from themselves', () => {
    const histogram = scene(0.5);
    expect(histogram.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(changeBetween(histogram, histogram)).toBe(0);
  });

  it('of black and white differ wholly', () => {
    expect(
      changeBetween(
        frame(() => 0),
        frame(() => 255),
      ),
    ).toBeCloseTo(1, 4);
  });
});

describe('cuts', () => {
  it('are found at the frame that begins the other shot', () => {
    const frames = [
      ...range(20).map((i) => scene(0.3 + 0.01 * i)),
      ...range(20).map((i) => otherScene(0.002 * i)),
      ...range(20).map((i) => scene(0.7 - 0.01 * i)),
    ];
    expect(cutsOf(frames)).toEqual([20, 40]);
  });

  it('are told between scenes of the same light', () => {
    const half = (isLeft: boolean) => frame((x) => (x < 0.5 === isLeft ? 220 : 30));
    expect(cutsOf([half(true), half(true), half(false), half(false)])).toEqual([2]);
  });

  it('are not invented by motion, a change of light or noise', () => {
    expect(cutsOf(range(60).map((i) => scene(0.5 + 0.3 * Math.sin(i / 5))))).toEqual([]);
    expect(cutsOf(range(60).map((i) => scene(0.5, 1 - 0.01 * i)))).toEqual([]);
    const noisy = range(60).map((i) =>
      frame((x, y) => 100 + 60 * x + 12 * Math.sin(1000 * (x + 3 * y) + 77 * i)),
    );
    expect(cutsOf(noisy)).toEqual([]);
  });
});
