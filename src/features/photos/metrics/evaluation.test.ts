import { describe, expect, test } from 'vitest';
import { threePoints as scheme } from '../../../../tests/fixtures/photos';
import type { Points } from '../../../engine/types';
import { addFace, deleteFace, fromNetwork, movePoints } from '../corrections/faces';
import type { Photo, PhotoModel, PhotoResult } from '../types';
import { curveOf, curvePct, evaluate } from './evaluation';

const model: PhotoModel = { id: 'm', title: 'M', family: 'regression', scheme };
const truth = new Float32Array([0, 0, 100, 0, 50, 64]);
const found = new Float32Array([3, 4, 100, 0, 50, 74]);

function photo(
  truths: readonly Points<'image'>[],
  points: Points<'image'> | null,
): Photo & { results: { m: PhotoResult } } {
  const box = { x: 0, y: 0, width: 100, height: 74 };
  const found = fromNetwork(points ? [{ points, spread: null, box, score: 1, id: 1 }] : []);
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
    results: { m: { model: 'm', found, corrected: null } },
    marks: {},
    isKept: false,
  };
}

describe('evaluation', () => {
  test('measures every true face of the pictures that were processed', () => {
    const unprocessed = { ...photo([truth], null), results: {} };
    const evaluation = evaluate(
      [photo([truth], found), photo([truth], null), photo([], found), unprocessed],
      model,
    )!;
    expect(evaluation.errors.map((error) => error && Math.round(error.nmeInterOcularPct))).toEqual([5, null]);
    expect(evaluation.summary).toMatchObject({ images: 2, misses: 1, failureRate8Pct: 50 });
    expect(evaluation.unprocessed).toBe(1);
    const curve = curveOf(evaluation);
    expect(curve[curvePct.indexOf(4.9)]).toBe(0);
    expect(curve[curvePct.indexOf(5.1)]).toBe(0.5);
  });

  test('measures the network, not the person who corrected it', () => {
    const plain = photo([truth], found);
    const result = plain.results.m;
    const faces = result.found!;
    const corrections = {
      moved: movePoints(faces, 1, [0, 1, 2], { x: 50, y: 0 }),
      deleted: deleteFace(faces, 1),
      added: addFace(faces, { ...faces[0], points: truth }),
    };
    for (const corrected of Object.values(corrections)) {
      const photo = { ...plain, results: { m: { ...result, corrected } } };
      expect(evaluate([photo], model)!.errors).toEqual(evaluate([plain], model)!.errors);
    }
    // A face that the network missed stays missed, also where a person has added it.
    const missed = photo([truth], null);
    const added = { ...missed.results.m, corrected: addFace([], { ...faces[0], points: truth }) };
    expect(evaluate([{ ...missed, results: { m: added } }], model)!.errors).toEqual([null]);
  });

  test('a picture of which only corrections are known was not processed', () => {
    const plain = photo([truth], found);
    const result = { model: 'm', found: null, corrected: plain.results.m.found };
    expect(evaluate([{ ...plain, results: { m: result } }], model)).toMatchObject({
      errors: [],
      unprocessed: 1,
    });
  });

  test('ground truth of another scheme is not measured', () => {
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
