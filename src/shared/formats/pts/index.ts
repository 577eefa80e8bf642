/**
 * 300-W's .pts (Sagonas et al. 2013): one file per face, `x y` in each line, counted from 1 at pixel centres, so ours
 * is x − 0.5. It holds nothing
 * else; a missing point is `nan nan`.
 */

import type { Points } from '../../../engine/types';
import { namedFaces, rounded, stemOf } from '../names';
import type { ExportFile, ExportPicture, Format } from '../types';
import { isMissing } from '../../missing-points';
import { parsePts } from './read';

export { parsePts };

export function formatPts(points: Points<'image'>): string {
  const lines: string[] = [];
  for (let i = 0; 2 * i < points.length; i++) {
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    lines.push(isMissing(points, i) ? 'nan nan' : `${rounded(x + 0.5)} ${rounded(y + 0.5)}`);
  }
  return `version: 1\nn_points: ${lines.length}\n{\n${lines.join('\n')}\n}\n`;
}

function* writePts(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  for (const { name, face } of namedFaces(pictures))
    yield { name: `${name}.pts`, data: formatPts(face.points) };
}

export const pts: Format = {
  label: '.pts (300-W)',
  about:
    'One file per face beside its picture, with points only. Read by training, menpo and most landmark programs.',
  extension: '.pts',
  write: writePts,
  read: (text, file) => [{ path: stemOf(file), isStem: true, faces: [{ points: parsePts(text, file) }] }],
};
