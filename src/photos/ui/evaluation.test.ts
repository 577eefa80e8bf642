import { describe, expect, test } from 'vitest';
import { threePoints as scheme } from '../../../tests/fixtures/photos';
import type { Points } from '../../engine/types';
import { movePoints, fromNetwork } from '../edit/faces';
import type { Photo, PhotoModel } from '../types';
import { curveOf, curvePct, evaluate } from './evaluation';

const model: PhotoModel = { id: 'm', title: 'M', family: 'regression', scheme };
const truth = new Float32Array([0, 0, 100, 0, 50, 64]);
const found = new Float32Array([3, 4, 100, 0, 50, 74]);

function photo(truths: readonly Points<'image'>[], points: Points<'image'> | null): Photo {
  const box = { x: 0, y: 0, width: 100, height: 74 };
  const faces = fromNetwork(points ? [{ points, spread: null, box, score: 1, id: 1 }] : []);
  return {
    id: 'p',
    name: 'p.jpg',
    folder: '',
    type: 'image/jpeg',
    bytes: 1,
    width: 200,
    height: 200,
    thumbnail: new Blob(),
    truth: truths,
    addedMs: 0,
    work: { kind: 'done' },
    results: { m: { model: 'm', faces, corrected: false } },
    isKept: false,
  };
}

describe('evaluation', () => {
  test('measures every true face of the pictures that were looked at', () => {
    const unseen = { ...photo([truth], null), results: {} };
    const evaluation = evaluate(
      [photo([truth], found), photo([truth], null), photo([], found), unseen],
      model,
    )!;
    expect(evaluation.errors.map((error) => error && Math.round(error.nmeInterOcularPct))).toEqual([5, null]);
    expect(evaluation.summary).toMatchObject({ images: 2, misses: 1, failureRate8Pct: 50 });
    expect(evaluation.unseen).toBe(1);
    const curve = curveOf(evaluation);
    expect(curve[curvePct.indexOf(4.9)]).toBe(0);
    expect(curve[curvePct.indexOf(5.1)]).toBe(0.5);
  });

  test('measures the network, not the person who corrected it', () => {
    const plain = photo([truth], found);
    const result = plain.results.m;
    const corrected = { ...result, faces: movePoints(result.faces, 1, [0, 1, 2], { x: 50, y: 0 }) };
    const moved = { ...plain, results: { m: corrected } };
    expect(evaluate([moved], model)!.errors).toEqual(evaluate([plain], model)!.errors);
  });

  test('true points of another scheme are not measured', () => {
    expect(evaluate([photo([new Float32Array(4)], found)], model)).toBeNull();
    expect(
      evaluate([photo([truth], found)], { ...model, scheme: { ...scheme, normalisingPair: null } }),
    ).toBeNull();
  });

  test('a model that found nothing has no means but a flat curve', () => {
    const evaluation = evaluate([photo([truth], null)], model)!;
    expect(evaluation.summary).toBeNull();
    expect(Math.max(...curveOf(evaluation))).toBe(0);
  });
});
