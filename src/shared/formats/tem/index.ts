/**
 * Templates of WebMorph and Psychomorph (`.tem`): one file per face beside its picture, with the number of points, x and y of
 * each from the corner of the picture as in JSON, then the lines between them. A missing point is `NaN`.
 */

import type { Points } from '../../../engine/types';
import { isMissing, presentPoints } from '../../missing-points';
import { namedFaces, pairsOf, stemOf } from '../names';
import { numberOf, placeOf, splitterOf, withPlainNan } from '../numbers';
import type { ExportFace, ExportFile, ExportPicture, Format } from '../types';

function* writeTem(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  for (const { name, face } of namedFaces(pictures)) yield { name: `${name}.tem`, data: formatTem(face) };
}

function formatTem({ points, scheme }: ExportFace): string {
  const places = pairsOf(points).map(([x, y], i) => (isMissing(points, i) ? 'NaN\tNaN' : `${x}\t${y}`));
  // Of each line: whether it is closed, its number of points, their indices.
  const lines = scheme.edges.flatMap(([from, to]) => ['0', '2', `${from} ${to}`]);
  return [places.length, ...places, scheme.edges.length, ...lines, ''].join('\n');
}

/** @throws naming the file and the line */
export function parseTem(text: string, file: string): Points<'image'> {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .map((raw, index) => ({ number: index + 1, text: withPlainNan(raw).replace(/#.*$/, '').trim() }))
    .filter((line) => line.text !== '');
  const count = Number(lines[0]?.text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${file}: does not begin with the number of points`);
  const rows = lines.slice(1, count + 1);
  if (rows.length < count) throw new Error(`${file}: announces ${count} points, has ${rows.length}`);
  const split = splitterOf(
    rows.map((row) => row.text),
    2,
  );
  const values = rows.flatMap((row) => {
    const pair = split(row.text).map(numberOf);
    if (pair.length !== 2 || pair.includes(null))
      throw new Error(`${file}: line ${row.number}: wanted two numbers, found "${row.text.slice(0, 40)}"`);
    const [x, y] = pair as [number, number];
    return placeOf(x, y);
  });
  const points = Float32Array.from(values);
  if (presentPoints(points).length === 0) throw new Error(`${file}: holds no points`);
  return points;
}

export const tem: Format = {
  label: "WebMorph's .tem",
  about: 'One template per face beside its picture, for WebMorph and Psychomorph.',
  extension: '.tem',
  write: writeTem,
  read: (text, file) => [{ path: stemOf(file), isStem: true, faces: [{ points: parseTem(text, file) }] }],
};
