import { describe, expect, it } from 'vitest';
import { createRandom } from '../random';
import { applyOwnFace, learnOwnFace, type CorrectedFace } from './own-face';

const random = createRandom(5);
const near = (values: readonly number[], off: number) =>
  Float32Array.from(values, (value) => value + off * (random() - 0.5));
const MINE = [1, 2, 3, 4];
const THEIRS = [3, 0, 1, 2];
const SHIFT = 0.04;

function face(identity: readonly number[]): CorrectedFace {
  const base = near([0.3, 0.4, 0.7, 0.4], 0.1);
  return {
    identity: near(identity, 0.2),
    base,
    marked: base.map((value, i) => value + (i === 1 ? SHIFT : 0)),
  };
}

const seen = (identity: readonly number[], base: Float32Array) => ({
  base,
  maps: [{ size: 1, channels: identity.length, values: Float32Array.from(identity) }],
});

describe('my face', () => {
  const { head, report } = learnOwnFace(
    Array.from({ length: 5 }, () => face(MINE)),
    'fine',
    140,
  );

  it('adds what was corrected, shrunk, for the person it was learned from', () => {
    const base = Float32Array.from([0.3, 0.4, 0.7, 0.4]);
    const points = applyOwnFace(head, seen(MINE, base));
    expect(points[1] - base[1]).toBeGreaterThan(0.6 * SHIFT);
    expect(points[1] - base[1]).toBeLessThanOrEqual(SHIFT);
    expect(points[0]).toBeCloseTo(base[0], 6);
  });

  it('leaves other people as the base has them', () => {
    const base = Float32Array.from([0.3, 0.4, 0.7, 0.4]);
    expect(applyOwnFace(head, seen(THEIRS, base))).toEqual(base);
  });

  it('measures on pictures left out, beside the base', () => {
    expect(report.learned).toBe(true);
    expect(report.leaveOneOut!.errorPct).toBeLessThan(report.leaveOneOut!.plainErrorPct);
  });
});
