/** A point that nobody marked, from the store to the measures: it is nowhere, and nothing puts it anywhere. */
import { describe, expect, test } from 'vitest';
import { foundFace, photoModel, threePoints as scheme } from '../../../tests/fixtures/photos';
import { parseManifest } from '../../engine/model/manifest';
import { readFileSync } from 'node:fs';
import { fromNetwork, movedPoints, movePoints, placePoint, resetPoints } from './corrections/faces';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { DEFAULT_FIELD_OF_VIEW_DEG } from '../../engine/options';
import { loadExpression } from '../../engine/signals/expression';
import { differencesOf, summariseDifferences } from './metrics/compare';
import { evaluate } from './metrics/evaluation';
import { measuresOf } from './metrics/face-measures';
import { signalsOfFace } from './metrics/face-signals';
import { measureFace, summarise } from './metrics/measure';
import type { Photo } from './types';
import { pointAt } from './viewer/canvas/hit';
import { Viewer } from './viewer/viewer.svelte';

const face = foundFace(10, 20);
const without = (points: Float32Array, ...missing: number[]) =>
  points.map((value, i) => (missing.includes(i >> 1) ? NaN : value));
const [half] = fromNetwork([{ ...face, points: without(face.points, 1) }]);

/** The mean face as it is, without noise. */
const ANGLE_DEG = 0.5;

describe('corrections', () => {
  test('a missing point stays missing when its face is moved, and has not moved itself', () => {
    const [moved] = movePoints([half], 1, [0, 1, 2], { x: 3, y: 0 });
    expect([...moved.points]).toEqual([13, 20, NaN, NaN, 18, 40]);
    expect(movedPoints(moved)).toEqual([0, 2]);
    expect(movedPoints(half)).toEqual([]);
    expect(Object.values(moved.box).every(Number.isFinite)).toBe(true);
  });

  test('it is placed only where a person puts it, and is missing again when that is reset', () => {
    const [placed] = placePoint([half], 1, 1, { x: 7, y: 8 });
    expect([...placed.points.subarray(2, 4)]).toEqual([7, 8]);
    expect(placed.spread![1]).toBe(0);
    expect(movedPoints(placed)).toEqual([1]);
    const [reset] = resetPoints([placed], 1);
    expect([...reset.points]).toEqual([...half.points]);
  });

  test('no pointer hits it, and the view does not go to it', () => {
    const toView = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
    expect(pointAt(half, toView, { x: 10, y: 20 }, 12)).toBe(0);
    expect(pointAt({ points: without(face.points, 0, 1, 2) }, toView, { x: 0, y: 0 }, 1e6)).toBeNull();
    const viewer = new Viewer();
    viewer.resize({ width: 40, height: 30 });
    viewer.open({ width: 400, height: 300 });
    const before = viewer.viewport;
    viewer.reveal({ x: NaN, y: NaN });
    expect(viewer.viewport).toEqual(before);
  });
});

describe('metrics', () => {
  const truth = [0, 0, 100, 0, 50, 64];
  const found = Float32Array.from([3, 4, 100, 0, 50, 74]);

  test('errors are those of the points that are there', () => {
    const error = measureFace(found, [...truth.slice(0, 4), NaN, NaN], scheme);
    expect(error.nmeInterOcularPct).toBeCloseTo(2.5, 10); // (5 + 0) / 2 of 100 px
    expect(error.regions).toEqual({ eyes: 2.5 });
    const whole = measureFace(found, truth, scheme);
    expect(summarise([error, whole]).regions).toEqual({ eyes: 2.5, jaw: 10 });
  });

  test('true faces without the points that errors are divided by are left out', () => {
    const photo = (truths: number[][]) =>
      ({ truth: truths.map((points) => Float32Array.from(points)), results: {} }) as unknown as Photo;
    const model = photoModel('m');
    expect(evaluate([photo([[NaN, NaN, ...truth.slice(2)]])], model)).toBeNull();
    expect(evaluate([photo([truth])], model)?.unprocessed).toBe(1);
  });

  test('differences between models are those of points in both', () => {
    const px = differencesOf(half, face);
    expect([...px]).toEqual([0, NaN, 0]);
    expect(summariseDifferences(half, scheme, px)).toMatchObject({
      meanPx: 0,
      meanPct: null,
      most: { index: 0, px: 0 },
    });
  });

  test('measures and signals that take a missing point are not there; the pose is that of the other points', async () => {
    await loadExpression();
    const path = 'static/models/lite/model.json';
    const { scheme: ibug } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
    const picture = { width: 640, height: 480 };
    const camera = { ...picture, fieldOfViewDeg: DEFAULT_FIELD_OF_VIEW_DEG };
    const points = seenFace({ yawDeg: 20, pitchDeg: 5, rollDeg: -10 }, [4, -3, -60], camera);
    expect(measuresOf(without(points, 0, 36, 62), ibug)).toEqual({
      interOcularPx: null,
      rollDeg: null,
      eyeRatios: null,
      mouthRatio: null,
    });
    const told = (...missing: number[]) =>
      signalsOfFace({ points: without(points, ...missing), spread: null }, ibug, picture);
    const [whole, partial] = [told()!, told(0, 36, 62)!];
    for (const name of ['yawDeg', 'pitchDeg', 'rollDeg'] as const)
      expect(Math.abs(partial.pose[name] - whole.pose[name]), name).toBeLessThan(ANGLE_DEG);
    expect([partial.eyes.right, partial.mouth.opening, ...Object.values(partial.expression)]).toSatisfy(
      (values: number[]) => values.every(Number.isNaN),
    );
    expect(Math.abs(partial.eyes.left - whole.eyes.left)).toBeLessThan(0.02);
    expect(told(...Array.from({ length: 62 }, (_, i) => i))).toBeUndefined();
  });
});
