import { beforeAll, expect, it, vi } from 'vitest';
import { renderedHeads } from '../../../tests/fixtures/signals/read';
import { expressionOf, loadExpression, movements } from './expression';
import { MEAN_FACE } from './face';
import { fitFace, ownPoints } from './fit';
import { poseOf } from './pose';

/** Between the engine and training on the same points: their fits differ by hundredths of a degree. */
const AGREED = 0.01;
/** Most weights of the face at rest. */
const REST = 0.15;

beforeAll(loadExpression);

it('is not there before it was loaded', async () => {
  vi.resetModules();
  const fresh = await import('./expression');
  expect(() => fresh.movements()).toThrow('signals: the network of expressions is not loaded');
});

it('the network tells what training tells of the same points', () => {
  const { heads, movements: names, camera } = renderedHeads();
  expect(movements()).toEqual(names);
  for (const { points, weights } of heads) {
    const fit = fitFace(points, null, camera, null)!;
    const { yawDeg, pitchDeg } = poseOf(fit);
    const told = expressionOf(ownPoints(points, camera, fit), MEAN_FACE.mean, yawDeg, pitchDeg, 0);
    told.forEach((weight, i) => expect(Math.abs(weight - weights[i]), movements()[i]).toBeLessThan(AGREED));
  }
});

it('a face that looks as it does at rest makes no expression, whoever it is', () => {
  for (const rest of [
    MEAN_FACE.mean,
    ...MEAN_FACE.modes.map((mode) => mode.map((x, i) => x + MEAN_FACE.mean[i])),
  ]) {
    const told = expressionOf(rest, rest, 0, 0, 1);
    expect(told.every((weight) => weight >= 0 && weight < REST)).toBe(true);
  }
});

it('a jaw that falls is an open jaw', () => {
  const fallen = MEAN_FACE.mean.slice();
  for (const i of [5, 6, 7, 8, 9, 10, 11, 55, 56, 57, 58, 59, 65, 66, 67]) fallen[3 * i + 1] -= 1.5;
  const open = (own: Float64Array) =>
    expressionOf(own, MEAN_FACE.mean, 0, 0, 1)[movements().indexOf('jawOpen')];
  expect(open(fallen)).toBeGreaterThan(open(MEAN_FACE.mean) + 0.3);
});
