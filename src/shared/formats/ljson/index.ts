/**
 * menpo's LJSON: one file per face beside its picture, points as [y, x] counted from 0 at pixel centres, so ours are + 0.5; a
 * missing point is [null, null]. Written in version 2, which every menpo reads; versions 1 and 3 are read too.
 */

import { isMissing } from '../../missing-points';
import { namedFaces, pairsOf, stemOf } from '../names';
import type { ExportFace, ExportFile, ExportPicture, Format, ImportedPicture } from '../types';
import { parseLjson } from './read';

function* writeLjson(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  for (const { name, face } of namedFaces(pictures))
    yield { name: `${name}.ljson`, data: JSON.stringify(contentOf(face)) };
}

function contentOf({ points, scheme }: ExportFace) {
  const places = pairsOf(points, -0.5).map(([x, y], i) => (isMissing(points, i) ? [null, null] : [y, x]));
  const labels = Object.entries(scheme.groups).map(([label, mask]) => ({ label, mask }));
  const grouped = new Set(labels.flatMap(({ mask }) => mask));
  // menpo wants every point to have a label.
  const rest = places.map((_, i) => i).filter((i) => !grouped.has(i));
  return {
    version: 2,
    labels: rest.length ? [...labels, { label: 'other', mask: rest }] : labels,
    landmarks: { points: places, connectivity: scheme.edges },
  };
}

function readLjson(content: string, file: string): ImportedPicture[] {
  const faces = parseLjson(content, file).map((points) => ({ points }));
  return [{ path: stemOf(file), isStem: true, faces }];
}

export const ljson: Format = {
  label: "menpo's LJSON",
  about: 'One file per face beside its picture: points, the parts of the face and their connections.',
  extension: '.ljson',
  otherExtensions: ['.json'],
  write: writeLjson,
  isLike: (text) => /"landmarks"\s*:/.test(text) && /"version"\s*:\s*[123]\b/.test(text),
  read: readLjson,
};
