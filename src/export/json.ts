/** Mien's own JSON, which holds everything that is known of a face: docs/landmarks-json.md. */

import { Field } from '../engine/parse';
import type { Points, Scheme } from '../engine/types';
import { pathOf, rounded } from './names';
import type { ExportFace, ExportFile, ExportPicture, Format, ImportedFace } from './types';

function* writeJson(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const content = {
    format: 'mien-landmarks',
    version: 1,
    schemes: Object.fromEntries(schemesOf(pictures).map(({ id, ...meaning }) => [id, meaning])),
    pictures: pictures.map((picture) => ({
      path: pathOf(picture),
      width: picture.width,
      height: picture.height,
      faces: picture.faces.map(faceRecord),
    })),
  };
  yield { name: 'landmarks.json', data: JSON.stringify(content) };
}

function faceRecord({ model, scheme, score, corrected, points, spread }: ExportFace) {
  return {
    model,
    scheme: scheme.id,
    score: rounded(score),
    corrected,
    points: Array.from(spread, (_, i) => [rounded(points[2 * i]), rounded(points[2 * i + 1])]),
    spread: Array.from(spread, rounded),
  };
}

/** Each scheme once. */
export function schemesOf(pictures: readonly ExportPicture[]): Scheme[] {
  const schemes = pictures.flatMap(({ faces }) => faces.map(({ scheme }) => scheme));
  return [...new Map(schemes.map((scheme) => [scheme.id, scheme])).values()];
}

/** The content of a JSON file as a `Field`. @throws naming the file when it is no JSON. */
export function parseJson(text: string, file: string): Field {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: is no JSON (${(cause as Error).message})`, { cause });
  }
  return Field.root(file, value, (message) => new Error(message));
}

function readJson(text: string, file: string) {
  const root = parseJson(text, file);
  root.get('format').oneOf('mien-landmarks');
  root.get('version').oneOf(1);
  return root
    .get('pictures')
    .array()
    .map((picture) => ({
      path: picture.get('path').text(),
      width: picture.get('width').integer(1),
      height: picture.get('height').integer(1),
      faces: picture
        .get('faces')
        .array()
        .map((face) => readFace(face, root.get('schemes'))),
    }));
}

function readFace(face: Field, schemes: Field): ImportedFace {
  const scheme = face.get('scheme').text();
  const count = schemes.get(scheme).get('pointCount').integer(1);
  const corrected = face.get('corrected');
  if (typeof corrected.value !== 'boolean') throw corrected.fail('true or false');
  return {
    model: face.get('model').text(),
    scheme,
    score: face.get('score').number(0, 1),
    corrected: corrected.value,
    points: readPoints(face.get('points').array(count)),
    spread: Float32Array.from(
      face
        .get('spread')
        .array(count)
        .map((spread) => spread.number(0)),
    ),
  };
}

function readPoints(pairs: readonly Field[]): Points<'image'> {
  return Float32Array.from(pairs.flatMap((pair) => pair.array(2).map((value) => value.number())));
}

export const json: Format = {
  label: 'JSON',
  about: 'One file with everything: points, spread, scores, models, corrections, and what the points mean.',
  extension: '.json',
  write: writeJson,
  read: readJson,
};
