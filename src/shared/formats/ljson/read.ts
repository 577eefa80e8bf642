import * as v from 'valibot';
import type { Points } from '../../../engine/types';
import { presentPoints } from '../../missing-points';
import { number, parseJson } from '../schema';

const coordinate = v.nullable(number);
/** [y, x], from 0 at pixel centres. */
const place = v.strictTuple([coordinate, coordinate], '[y, x]');
const landmarks = v.object({ points: v.array(place, 'an array') });

const version1 = v.object({
  version: v.literal(1),
  groups: v.array(v.object({ landmarks: v.array(v.object({ point: place }), 'an array') }), 'an array'),
});
const version2 = v.object({ version: v.literal(2), landmarks });
const version3 = v.object({
  version: v.literal(3),
  groups: v.record(v.string(), v.object({ landmarks }), 'an object'),
});
const content = v.variant('version', [version1, version2, version3], '1, 2 or 3');

/** One entry per face. @throws naming the file and the field */
export function parseLjson(text: string, file: string): Points<'image'>[] {
  const faces = facesOf(parseJson(content, text, file)).map(toPoints);
  const found = faces.filter((points) => presentPoints(points).length > 0);
  if (found.length === 0) throw new Error(`${file}: holds no points`);
  return found;
}

type Place = v.InferOutput<typeof place>;

function facesOf(read: v.InferOutput<typeof content>): readonly (readonly Place[])[] {
  switch (read.version) {
    case 1:
      // The groups of version 1 are parts of one face.
      return [read.groups.flatMap((group) => group.landmarks.map(({ point }) => point))];
    case 2:
      return [read.landmarks.points];
    case 3:
      return Object.values(read.groups).map((group) => group.landmarks.points);
  }
}

function toPoints(places: readonly Place[]): Points<'image'> {
  return Float32Array.from(
    places.flatMap(([y, x]) => (x === null || y === null ? [NaN, NaN] : [x + 0.5, y + 0.5])),
  );
}
