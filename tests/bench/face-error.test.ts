import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/engine/model/manifest';
import type { Scheme } from '../../src/engine/types';
import { nearestFace } from '../../src/features/photos/metrics/measure';
import { boxOfPartial, measurePartial } from './face-error';
import { binByYaw, summariseSet } from './set-summary';
import { parsePartialPts } from './pts';

const COUNT = 68;
const scheme = {
  id: 'ibug68',
  pointCount: COUNT,
  normalisingPair: [36, 45],
  groups: { jaw: [0, 1], eyes: [36, 45] },
} as unknown as Scheme;
/** On a grid of 100 px by 100 px. */
const truth = Float32Array.from({ length: 2 * COUNT }, (_, i) => {
  const k = i >> 1;
  return i % 2
    ? k === 0
      ? 0
      : k === 1
        ? 100
        : 50
    : k === 0
      ? 0
      : k === 1
        ? 100
        : k === 36
          ? 20
          : k === 45
            ? 70
            : 50;
});
const shifted = (px: number): Float32Array => truth.map((value, i) => (i % 2 ? value : value + px));
const without = (...missing: number[]): Float32Array => {
  const points = truth.slice();
  for (const k of missing) points.fill(NaN, 2 * k, 2 * k + 2);
  return points;
};

describe('errors of partial points', () => {
  it('are in shares of the true box and of the pair', () => {
    const error = measurePartial(shifted(5), truth, scheme);
    expect(error.nmeBoxPct).toBeCloseTo(5, 5);
    expect(error.nmeInnerBoxPct).toBeCloseTo(5, 5);
    expect(error.nmeInterOcularPct).toBeCloseTo(10, 5);
  });

  it('leave missing points out, also of the inner mean', () => {
    const predicted = truth.slice();
    predicted[2 * 60] += 1000;
    expect(measurePartial(predicted, truth, scheme).nmeInnerBoxPct).toBeGreaterThan(10);
    const error = measurePartial(predicted, without(60), scheme);
    expect(error.nmeBoxPct).toBe(0);
    expect(error.nmeInnerBoxPct).toBe(0);
  });

  it('know no inter-ocular error without the pair', () => {
    const error = measurePartial(shifted(5), without(45), scheme);
    expect(error.nmeInterOcularPct).toBeNull();
    expect(error.regions).toEqual({});
    expect(error.nmeBoxPct).toBeCloseTo(5, 5);
  });

  it('count the jaw in all, not in the inner points', () => {
    const predicted = truth.slice();
    predicted[0] += 68;
    const error = measurePartial(predicted, truth, scheme);
    expect(error.nmeBoxPct).toBeCloseTo(1, 5);
    expect(error.nmeInnerBoxPct).toBe(0);
  });

  it('take the box of the points there are', () => {
    expect(boxOfPartial(without(1))).toEqual({ x: 0, y: 0, width: 70, height: 50 });
    expect(() => boxOfPartial(new Float32Array(8).fill(NaN))).toThrow(/no box/);
  });
});

it('a face that does not touch the true box is no match', () => {
  const box = boxOfPartial(without(1));
  const near = { box: { x: 10, y: 10, width: 60, height: 50 } };
  const far = { box: { x: 200, y: 10, width: 60, height: 50 } };
  expect(nearestFace([far, near], box)).toBe(near);
  expect(nearestFace([far], box)).toBeNull();
});

describe('yaw bins', () => {
  const error = (px: number) => measurePartial(shifted(px), truth, scheme);
  const faces = [
    { error: error(1), yawDeg: -29.9 },
    { error: error(3), yawDeg: 30 },
    { error: error(5), yawDeg: -59 },
    { error: null, yawDeg: 90 },
    { error: error(7), yawDeg: null },
  ];

  it('hold each face once, by the size of its yaw', () => {
    const bins = binByYaw(faces);
    expect(bins.map((bin) => [bin.yawDeg, bin.images, bin.misses])).toEqual([
      ['0-30', 1, 0],
      ['30-60', 2, 0],
      ['60-90', 1, 1],
    ]);
    expect(bins[1].nmeInnerBoxPct).toBeCloseTo(4, 4);
    expect(bins[2].nmeInnerBoxPct).toBeNull();
    expect(binByYaw(faces.slice(1, 3)).map(({ yawDeg }) => yawDeg)).toEqual(['30-60']);
  });

  it('are read in a manifest, where all of a bin were missed too', () => {
    const metric = { dataSet: 'x', crop: 'detector', ...summariseSet(faces) };
    expect(metric.yawBins.at(-1)).toMatchObject({ yawDeg: '60-90', nmeBoxPct: null });
    const file = JSON.parse(readFileSync('static/models/lite/model.json', 'utf8'));
    file.userDefinedMetadata.mien.metrics = [metric];
    expect(parseManifest(file, 'x.json').metrics[0].yawBins).toEqual(metric.yawBins);
  });

  it('stand beside means over the found, and failures with the missed', () => {
    const summary = summariseSet(faces);
    expect(summary.misses).toBe(1);
    expect(summary.nmeBoxPct).toBeCloseTo(4, 4);
    expect(summary.failureRate8Pct).toBeCloseTo(60, 5);
    const partial = summariseSet([{ error: measurePartial(truth, without(36), scheme), yawDeg: 0 }]);
    expect(partial).toMatchObject({
      nmeInterOcularPct: null,
      failureRate8Pct: null,
      auc8Pct: null,
      nmeBoxPct: 0,
    });
  });
});

it('rows of nan are missing points, other words are errors', () => {
  expect([...parsePartialPts('n_points: 2\n{\nnan nan\n3 4\n}\n', 'a.pts')]).toEqual([NaN, NaN, 2.5, 3.5]);
  expect(() => parsePartialPts('nan 3\n', 'a.pts')).toThrow(/a\.pts: line 1/);
  expect(() => parsePartialPts('n_points: 3\nnan nan\n3 4\n', 'a.pts')).toThrow(/announces 3/);
});
