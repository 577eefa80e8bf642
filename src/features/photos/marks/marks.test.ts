import { describe, expect, it } from 'vitest';
import { foundFace } from '../../../../tests/fixtures/photos';
import { fromNetwork } from '../corrections/faces';
import {
  addMarked,
  candidates,
  clearMarks,
  likelyPlace,
  markedPoints,
  moveMarks,
  placeMark,
  removeMarked,
  setBox,
  toShown,
} from './marks';
import { addPoint, newScheme, removePoint, restorePoint, shiftPoint } from './scheme';

const scheme = ['left', 'tip'].reduce((all, name) => addPoint(all, name, name), newScheme('Beak', 0, 'beak'));
const box = { x: 10, y: 20, width: 40, height: 50 };
const start = { box, landmarks: null };
const one = placeMark(addMarked([], start), 1, 'tip', { x: 30, y: 40 });

describe('marks', () => {
  it('are NaN where nothing is marked, whatever the order of the scheme', () => {
    expect([...markedPoints(one[0], scheme)]).toEqual([NaN, NaN, 30, 40]);
    expect([...markedPoints(one[0], shiftPoint(scheme, 'tip', -1))]).toEqual([30, 40, NaN, NaN]);
    expect(toShown(one[0], scheme).box).toEqual(box);
  });

  it('outlast their point', () => {
    const without = removePoint(scheme, 'tip');
    expect([...markedPoints(one[0], without)]).toEqual([NaN, NaN]);
    expect([...markedPoints(one[0], restorePoint(without, 'tip'))]).toEqual([NaN, NaN, 30, 40]);
  });

  it('move together; what is not marked stays so', () => {
    const moved = moveMarks(one, 1, ['left', 'tip'], { x: 1, y: -2 });
    expect(moved[0].points).toEqual({ tip: [31, 38] });
    expect(one[0].points.tip).toEqual([30, 40]);
  });

  it('are cleared alone, or go with their face', () => {
    expect(clearMarks(one, 1, ['tip'])[0].points).toEqual({});
    const two = addMarked(one, start);
    expect(removeMarked(two, 1).map(({ id }) => id)).toEqual([2]);
    expect(addMarked(removeMarked(two, 1), start).map(({ id }) => id)).toEqual([2, 3]);
    expect(() => removeMarked(two, 3)).toThrow('marked face 3: is not on this picture');
  });

  it('stay in their places in another box', () => {
    const other = { x: 0, y: 0, width: 90, height: 90 };
    const landmarks = { model: 'lite', points: Float32Array.of(1, 2) };
    const [face] = setBox([{ ...one[0], landmarks }], 1, other);
    expect(face).toEqual({ ...one[0], box: other, landmarks: null });
  });

  it('are refused where there is no place', () => {
    expect(() => placeMark(one, 1, 'tip', { x: NaN, y: 1 })).toThrow('cannot be placed at (NaN, 1) px');
  });

  it('begin on faces that were found and are not marked yet', () => {
    const found = fromNetwork([foundFace(10, 20), foundFace(300, 20)]);
    const marked = addMarked([], { box: { x: 8, y: 22, width: 12, height: 19 }, landmarks: null });
    expect(candidates(found, marked, scheme).map(({ id, box: { x } }) => [id, x])).toEqual([[-2, 300]]);
  });

  it('are likely where they are on other pictures', () => {
    expect(likelyPlace({ x: 0, y: 0, width: 80, height: 100 }, 'tip', one)).toEqual({ x: 40, y: 40 });
    expect(likelyPlace({ x: 0, y: 0, width: 80, height: 100 }, 'left', one)).toEqual({ x: 40, y: 50 });
  });
});
