import { expect, it } from 'vitest';
import { formatMarks, parseMarks } from '../../../shared/formats/marks';
import { addMarked, placeMark } from './marks';
import { marksContent, marksOf, schemesOf } from './marks-export';
import { addPoint, joinPoints, newScheme, removePoint, renamePoint, setPartner } from './scheme';
import type { Photo } from '../types';

const plain = ['left', 'right', 'tip'].reduce(
  (all, name) => addPoint(all, name, `id-${name}`),
  newScheme('Beak', 3, 'beak'),
);
const scheme = joinPoints(setPartner(plain, 'id-left', 'id-right'), 'id-right', 'id-tip');
const box = { x: 1.5, y: 2, width: 30, height: 40.25 };
const landmarks = { model: 'lite', points: Float32Array.of(1, 2, NaN, NaN) };
const faces = placeMark(addMarked([], { box, landmarks }), 1, 'id-tip', { x: 3.25, y: 4 });
const photo = { width: 40, height: 30, marks: { beak: faces } } as unknown as Photo;

const written = parseMarks(formatMarks(marksContent([photo], scheme, ['a.jpg'])), 'marks.json');

it('brings marks and points back as they were', () => {
  expect(schemesOf(written, {}, 7)).toEqual([{ ...scheme, addedMs: 7 }]);
  expect(marksOf(written.pictures[0], written)).toEqual({ beak: faces });
});

it('leaves the names and the order of points that are here already, and adds those that are not', () => {
  const here = renamePoint(removePoint(scheme, 'id-left'), 'id-tip', 'end');
  expect(schemesOf(written, { beak: here }, 7)).toEqual([here]);
  const other = addPoint(newScheme('Beak', 0, 'beak'), 'crown', 'id-crown');
  expect(schemesOf(written, { beak: other }, 7)[0].points.map(({ name }) => name)).toEqual([
    'crown',
    'left',
    'right',
    'tip',
  ]);
});

it('takes a line that is there twice once, no line or pair of a point with itself, and each point into one pair', () => {
  const { schemes } = written;
  const doubled = {
    beak: {
      ...schemes.beak,
      lines: [...schemes.beak.lines, [2, 1], [1, 2], [0, 0]] as [number, number][],
      pairs: [...schemes.beak.pairs, [0, 1], [1, 0], [2, 2]] as [number, number][],
    },
  };
  const [read] = schemesOf({ ...written, schemes: doubled }, {}, 7);
  expect(read.lines).toEqual([['id-right', 'id-tip']]);
  expect(read.pairs).toHaveLength(1);
});

it('reads a scheme whose id every object has as a property', () => {
  const { beak } = written.schemes;
  const marks = written.pictures[0].marks.map((mark) => ({ ...mark, scheme: 'constructor' }));
  const file = { ...written, schemes: { constructor: beak }, pictures: [{ ...written.pictures[0], marks }] };
  expect(schemesOf(file, {}, 7)[0].points).toHaveLength(3);
  expect(marksOf(file.pictures[0], file).constructor).toEqual(faces);
});

it.each(['my-face', 'ears/left', '../x', '耳', '__proto__', 'a'.repeat(80)])(
  'gives a scheme of the id %s one that can stand in an address and in the id of a model, the same each time',
  (id) => {
    const marks = written.pictures[0].marks.map((mark) => ({ ...mark, scheme: id }));
    const file = {
      ...written,
      schemes: Object.fromEntries([[id, written.schemes.beak]]),
      pictures: [{ ...written.pictures[0], marks }],
    };
    const [read] = schemesOf(file, {}, 7);
    expect(read.id).toMatch(/^[a-z0-9][a-z0-9-]{0,47}$/i);
    expect(read.id).not.toBe('my-face');
    expect(marksOf(file.pictures[0], file)).toEqual({ [read.id]: faces });
    expect(schemesOf(file, { [read.id]: read }, 8)).toEqual([read]);
  },
);
