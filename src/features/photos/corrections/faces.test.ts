import { describe, expect, test } from 'vitest';
import { foundFace as found } from '../../../../tests/fixtures/photos';
import {
  addFace,
  deleteFace,
  fromNetwork,
  movePoints,
  movedPoints,
  replaceFace,
  resetPoints,
  type Faces,
} from './faces';

const two: Faces = fromNetwork([found(100, 50), found(300, 60)]);
const pointsOf = (faces: Faces, id: number) => [...faces.find((face) => face.id === id)!.points];

describe('corrections', () => {
  test('faces are numbered from 1 and begin where the network has them', () => {
    expect(two.map(({ id }) => id)).toEqual([1, 2]);
    expect(two.map(movedPoints)).toEqual([[], []]);
  });

  test('points move together; box and moved points follow, the other face stays the very same object', () => {
    const moved = movePoints(two, 1, [1, 2], { x: 5, y: -2 });
    expect(pointsOf(moved, 1)).toEqual([100, 50, 115, 48, 110, 68]);
    expect(moved[0].box).toEqual({ x: 100, y: 48, width: 15, height: 20 });
    expect(movedPoints(moved[0])).toEqual([1, 2]);
    expect(moved[1]).toBe(two[1]);
  });

  test('a box in which the face was looked for does not follow its points', () => {
    const box = { x: 80, y: 30, width: 90, height: 90 };
    const faces = fromNetwork([{ ...found(100, 50), box }]);
    expect(movePoints(faces, 1, [0], { x: -50, y: 0 })[0].box).toEqual(box);
  });

  test('what was there before a correction is untouched by it', () => {
    movePoints(two, 1, [0, 1, 2], { x: 5, y: 5 });
    expect(pointsOf(two, 1)).toEqual([100, 50, 110, 50, 105, 70]);
    expect([...two[0].network.points]).toEqual([100, 50, 110, 50, 105, 70]);
  });

  test('a point placed by hand has no spread left, and gets it back with a reset', () => {
    const moved = movePoints(two, 2, [1], { x: 1, y: 1 });
    expect([...moved[1].spread!]).toEqual([1, 0, 3]);
    expect([...resetPoints(moved, 2)[1].spread!]).toEqual([1, 2, 3]);
  });

  test('a reset returns to what the network gave, for some points or for all', () => {
    const moved = movePoints(two, 1, [0, 1, 2], { x: 5, y: 5 });
    expect(pointsOf(resetPoints(moved, 1, [2]), 1)).toEqual([105, 55, 115, 55, 105, 70]);
    const reset = resetPoints(moved, 1);
    expect(pointsOf(reset, 1)).toEqual(pointsOf(two, 1));
    expect(reset[0].box).toEqual(two[0].box);
    expect(movedPoints(reset[0])).toEqual([]);
  });

  test('a face found anew takes the place and number of the old one, and is what a reset returns to', () => {
    const replaced = replaceFace(movePoints(two, 1, [0], { x: 9, y: 9 }), 1, found(120, 55));
    const moved = movePoints(replaced, 1, [0], { x: 1, y: 0 });
    expect(replaced.map(({ id }) => id)).toEqual([1, 2]);
    expect(pointsOf(resetPoints(moved, 1), 1).slice(0, 2)).toEqual([120, 55]);
  });

  test('faces come and go without taking each other’s numbers', () => {
    const three = addFace(two, found(500, 70));
    expect(three.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(addFace(deleteFace(three, 1), found(0, 0)).map(({ id }) => id)).toEqual([2, 3, 4]);
    expect(addFace([], found(0, 0)).map(({ id }) => id)).toEqual([1]);
  });

  test('nonsense is refused by name', () => {
    expect(() => movePoints(two, 7, [0], { x: 1, y: 1 })).toThrow('face 7: is not among the faces 1, 2');
    expect(() => deleteFace(two, 3)).toThrow('face 3');
    expect(() => movePoints(two, 1, [3], { x: 1, y: 1 })).toThrow('face 1: has no point 3, only 0 to 2');
    expect(() => resetPoints(two, 1, [-1])).toThrow('no point -1');
    expect(() => movePoints(two, 1, [0], { x: NaN, y: 0 })).toThrow('cannot be moved by (NaN, 0) px');
  });
});
