/**
 * TPS of tpsDig (Rohlf) and geomorph: one file for many specimens, each `LM=68`, its points, `IMAGE=` and `ID=`. Coordinates
 * count from the lower left corner of the picture, y upwards, so ours is height − y.
 */

import { isMissing } from '../../missing-points';
import { pathOf, rounded } from '../names';
import type { ExportFace, ExportFile, ExportPicture, Format } from '../types';
import { readTps } from './read';

function* writeTps(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const faces = pictures.flatMap((picture) => picture.faces.map((face) => ({ face, picture })));
  const specimens = faces.map(({ face, picture }, i) => specimenOf(face, picture, i));
  yield { name: 'landmarks.tps', data: specimens.join('') };
}

function specimenOf({ points }: ExportFace, picture: ExportPicture, id: number): string {
  const places = Array.from({ length: points.length / 2 }, (_, i) =>
    isMissing(points, i)
      ? 'NA NA'
      : `${rounded(points[2 * i])} ${rounded(picture.height - points[2 * i + 1])}`,
  );
  return [`LM=${places.length}`, ...places, `IMAGE=${pathOf(picture)}`, `ID=${id}`, ''].join('\n');
}

export const tps: Format = {
  label: 'TPS',
  about: 'One file for tpsDig, geomorph and other morphometrics; y counts from the bottom of the picture.',
  extension: '.tps',
  write: writeTps,
  read: readTps,
};
