/** What the points of a model mean, parsed out of its manifest. */

import type { Field } from './parse';
import type { Scheme } from '../types';

/** More points than any scheme in use, few enough that a hostile file cannot ask for gigabytes. */
const MAX_POINTS = 1024;

/** @throws naming the file and field, when the scheme contradicts itself. */
export function parseScheme(field: Field): Scheme {
  const pointCount = field.get('pointCount').integer(1, MAX_POINTS);
  const index = (entry: Field) => entry.integer(0, pointCount - 1);
  const names = field
    .get('names')
    .array(pointCount)
    .map((name) => name.text());
  if (new Set(names).size !== names.length)
    throw field.get('names').fail('names that differ from each other');
  return {
    id: field.get('id').text(),
    pointCount,
    names,
    groups: Object.fromEntries(
      field
        .get('groups')
        .entries()
        .map(([name, indices]) => [name, indices.array().map(index)]),
    ),
    edges: field
      .get('edges')
      .array()
      .map((edge) => pairOf(edge, index)),
    mirror: parseMirror(field.get('mirror'), pointCount),
    normalisingPair: field.get('normalisingPair').nullable((pair) => parseNormalisingPair(pair, index)),
    eyes: field.get('eyes').nullable((eyes) => parseEyes(eyes, index)),
    meanFace: field.get('meanFace').optional((mean) => parseMeanFace(mean, pointCount)) ?? null,
  };
}

/** Far above what a mean face gives (0.1), and far from what a sum over a picture's px would need to overflow. */
const MAX_WEIGHT = 1000;
/** How far from 0 the weights may add up, since they are rounded in the file. */
const WEIGHTS_SUM_TOLERANCE = 1e-3;

/** See `Manifest.uprightWeights`; null where the file has none. */
export function parseUprightWeights(field: Field, { pointCount }: Scheme): readonly number[] | null {
  const read = (list: Field) => {
    const weights = list.array(pointCount).map((weight) => weight.number(-MAX_WEIGHT, MAX_WEIGHT));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum) > WEIGHTS_SUM_TOLERANCE) throw list.fail('weights that add up to 0');
    return weights;
  };
  return field.get('uprightWeights').optional(read) ?? null;
}

function pairOf<T>(field: Field, read: (entry: Field) => T): readonly [T, T] {
  const [first, second] = field.array(2);
  return [read(first), read(second)];
}

/** Mirrored twice, every point is itself again. */
function parseMirror(field: Field, pointCount: number): number[] {
  const mirror = field.array(pointCount).map((entry) => entry.integer(0, pointCount - 1));
  mirror.forEach((image, i) => {
    if (mirror[image] !== i)
      throw field.fail(`its own inverse (point ${i} becomes ${image}, ${image} becomes ${mirror[image]})`);
  });
  return mirror;
}

function parseNormalisingPair(field: Field, index: (entry: Field) => number): readonly [number, number] {
  const pair = pairOf(field, index);
  if (pair[0] === pair[1]) throw field.fail('two different points');
  return pair;
}

function parseEyes(field: Field, index: (entry: Field) => number): NonNullable<Scheme['eyes']> {
  const [left, right] = pairOf(field, (eye) => {
    const indices = eye.array().map(index);
    if (indices.length === 0) throw eye.fail('at least one point');
    return indices;
  });
  if (left.some((point) => right.includes(point))) throw field.fail('two eyes that share no point');
  return [left, right];
}

/** Crop units: the mean face lies inside of the crop. */
function parseMeanFace(field: Field, pointCount: number): NonNullable<Scheme['meanFace']> {
  return field.array(pointCount).map((place) => pairOf(place, (value) => value.number(0, 1)));
}
