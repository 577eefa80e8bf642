import { describe, expect, it } from 'vitest';
import { createRandom } from '../random';
import { applyHead } from './head';
import type { CropFeatures } from './features';
import { learn, type Lesson } from './learner';
import type { Maps } from './maps';
import { createSamples } from './samples';

const SIZES = [16, 8, 4, 4];
const CHANNELS = [8, 16, 32, 20];
const NODES = ['a', 'b', 'c', 'd'];
/** Mean distance of what was learned from the truth, crop units. */
const MAX_ERROR = 0.01;

/** A made-up crop: the base's two points, and maps in which a blob stands at the true place of a third. */
function makeCrop(random: () => number) {
  const base = Float32Array.from([0.3, 0.4, 0.7, 0.4], (value) => value + 0.1 * (random() - 0.5));
  const truth = [(base[0] + base[2]) / 2 + 0.1 * (random() - 0.5), 0.6 + 0.1 * (random() - 0.5)];
  const maps = SIZES.map((size, stage): Maps => {
    const channels = CHANNELS[stage];
    const values = new Float32Array(size * size * channels);
    for (let i = 0; i < values.length; i++) {
      const cell = Math.floor(i / channels);
      const [x, y] = [((cell % size) + 0.5) / size, (Math.floor(cell / size) + 0.5) / size];
      const angle = (i % channels) * 0.7;
      values[i] = Math.cos(angle) * (x - truth[0]) + Math.sin(angle) * (y - truth[1]);
    }
    return { size, channels, values };
  });
  const features: CropFeatures = { base, maps };
  return { features, marked: Float32Array.from(truth) };
}

function teach(pictures: number, mark: (truth: Float32Array, picture: number) => Float32Array): Lesson {
  const random = createRandom(7);
  const samples = createSamples([0, 1]);
  for (let picture = 0; picture < pictures; picture++) {
    const { features, marked } = makeCrop(random);
    samples.add({ picture, isPlain: true, marked: mark(marked, picture) }, features);
  }
  const lesson = learn({
    ...samples.finish(),
    nodes: NODES,
    basePoints: [0, 1],
    pointCount: mark(new Float32Array(2), 0).length / 2,
    cropMargin: 1.4,
  });
  let next = lesson.next();
  while (!next.done) next = lesson.next();
  return next.value;
}

describe('learning from marked pictures', () => {
  it('finds the point in pictures it has not seen, and says how far off it is', () => {
    const { head, report } = teach(20, (truth) => truth);
    if (head.kind !== 'points') throw new Error('not a head of points');
    const random = createRandom(99);
    const errors = Array.from({ length: 20 }, () => {
      const { features, marked } = makeCrop(random);
      const { points, spread } = applyHead(head, features);
      expect(spread[0]).toBeGreaterThanOrEqual(0);
      return Math.hypot(points[0] - marked[0], points[1] - marked[1]);
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(mean).toBeLessThan(MAX_ERROR);
    expect(report.learned).toBe(true);
    // The errors told are those of pictures left out: about those of new ones.
    const toldError = report.leaveOneOut!.errorPct / (100 * 1.4);
    expect(toldError).toBeGreaterThan(mean / 3);
    expect(toldError).toBeLessThan(3 * mean);
    expect(report.curve[0].pictures).toBeLessThan(report.curve[1].pictures);
    expect(report.curve[0].errorPct).toBeGreaterThan(report.curve[1].errorPct);
  });

  it('says that it learned nothing where the marks follow nothing', () => {
    const random = createRandom(3);
    const { report } = teach(12, () => Float32Array.from([random(), random()]));
    expect(report.learned).toBe(false);
  });

  it('takes pictures in which a point is not marked', () => {
    const { report } = teach(10, (truth, picture) =>
      Float32Array.from([...truth, ...(picture % 2 ? [NaN, NaN] : truth)]),
    );
    expect(report.marks).toEqual([10, 5]);
    expect(report.leaveOneOut!.perPointPct.every((error) => error !== null && Number.isFinite(error))).toBe(
      true,
    );
  });

  it('tells no error of fewer than three pictures', () => {
    const { report } = teach(2, (truth) => truth);
    expect(report).toMatchObject({ pictures: 2, leaveOneOut: null, learned: false });
  });

  it('gives the same model for the same pictures', () => {
    expect(teach(5, (truth) => truth).head).toEqual(teach(5, (truth) => truth).head);
  });
});
