import { describe, expect, it } from 'vitest';
import { foundFace } from '../../../../tests/fixtures/photos';
import { fromNetwork, movePoints } from '../corrections/faces';
import { addMarked, placeMark } from '../marks/marks';
import { addPoint, joinPoints, newScheme } from '../marks/scheme';
import type { Photo } from '../types';
import { correctedFaces, correctedKey, cutOf, inCut, markedWith, taughtScheme } from './learn-requests';

const scheme = ['left', 'tip'].reduce((all, name) => addPoint(all, name, name), newScheme('Beak', 0, 'beak'));
const box = { x: 100, y: 200, width: 300, height: 400 };
const landmarks = { model: 'lite', points: Float32Array.of(100, 200, 400, 600) };

function photo(patch: Partial<Photo>): Photo {
  return { id: 'a', width: 4000, height: 3000, results: {}, marks: {}, ...patch } as Photo;
}

describe('what the engine is asked to learn', () => {
  it('is the scheme by indices', () => {
    expect(taughtScheme(joinPoints(scheme, 'tip', 'left'))).toEqual({
      id: 'beak',
      title: 'Beak',
      points: ['left', 'tip'],
      pairs: [],
      lines: [[1, 0]],
    });
  });

  it('is a cut of the picture in which everything lies where it was', () => {
    const marked = { photoId: 'a', box, landmarks, points: Float32Array.of(NaN, NaN, 250, 400) };
    const cut = cutOf(box, { width: 4000, height: 3000 });
    expect(cut).toEqual({ x: 0, y: 0, width: 800, height: 1000, scale: 0.768 });
    const { at, points } = inCut(marked, cut);
    expect([...points].map((px) => Math.round(px))).toEqual([NaN, NaN, 192, 307]);
    expect('landmarks' in at && [...at.landmarks].map((px) => Math.round(px))).toEqual([77, 154, 307, 461]);
    const byHand = inCut({ ...marked, landmarks: null }, { ...cut, x: 50, y: 100, scale: 0.5 });
    expect(byHand.at).toEqual({ box: { x: 25, y: 50, width: 150, height: 200 } });
  });

  it('is a cut within the picture, even of a box beyond it', () => {
    const cut = cutOf({ x: 5000, y: 10, width: 20, height: 20 }, { width: 100, height: 80 });
    expect([cut.width, cut.height >= 1]).toEqual([1, true]);
  });

  it('leaves out faces without marks, and boxes where faces are learned', () => {
    const begun = addMarked(addMarked(addMarked([], { box, landmarks }), { box, landmarks: null }), {
      box,
      landmarks,
    });
    const faces = [1, 2].reduce((all, id) => placeMark(all, id, 'tip', { x: id, y: 0 }), begun);
    const photos = [photo({ marks: { beak: faces } }), photo({ id: 'b' })];
    const first = (from: 'faces' | 'boxes') =>
      markedWith(photos, scheme, from).map(({ points, landmarks: own }) => [points[2], own?.model ?? null]);
    expect(first('faces')).toEqual([[1, 'lite']]);
    expect(first('boxes')).toEqual([
      [1, null],
      [2, null],
    ]);
  });

  it('of one’s own face is what the network saw beside what a person made of it', () => {
    const found = fromNetwork([foundFace(10, 20), foundFace(90, 20)]);
    const corrected = movePoints(found, 2, [1], { x: 3, y: 4 });
    const all = correctedFaces([photo({ results: { lite: { model: 'lite', found, corrected } } })], 'lite');
    expect(all).toHaveLength(1);
    expect([all[0].landmarks!.points[2], all[0].points[2]]).toEqual([100, 103]);
    expect(
      correctedFaces([photo({ results: { lite: { model: 'lite', found, corrected: null } } })], 'lite'),
    ).toEqual([]);
    expect(correctedKey(all)).not.toBe(correctedKey([{ ...all[0], points: found[0].points }]));
  });
});
