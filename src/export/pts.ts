/**
 * 300-W's .pts (Sagonas et al. 2013): one file per face, `x y` in each line, counted from 1 at pixel centres, so that a
 * file's x − 0.5 is ours. It has room for nothing else.
 */

import type { Points } from '../engine/types';
import { pathOf, rounded, stemOf } from './names';
import type { ExportFile, ExportPicture, Format } from './types';

/**
 * Points of a .pts file, with or without its header and braces.
 * @throws naming the file and the line, or the count when it is not the one announced.
 */
export function parsePts(text: string, file: string): Points<'image'> {
  const numbers: number[] = [];
  let announced: number | undefined;
  for (const [index, raw] of text.split(/\r\n?|\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line === '{' || line === '}') continue;
    const header = /^(\w+)\s*:\s*(.*)$/.exec(line);
    if (header?.[1] === 'n_points') announced = Number(header[2]);
    if (header) continue;
    const pair = line.split(/\s+/).map(Number);
    if (pair.length !== 2 || !pair.every(Number.isFinite)) {
      throw new Error(`${file}: line ${index + 1}: wanted two numbers, found "${line.slice(0, 40)}"`);
    }
    numbers.push(pair[0] - 0.5, pair[1] - 0.5);
  }
  const found = numbers.length / 2;
  if (found === 0) throw new Error(`${file}: holds no points`);
  if (announced !== undefined && announced !== found) {
    throw new Error(`${file}: announces ${announced} points, has ${found}`);
  }
  return Float32Array.from(numbers);
}

export function formatPts(points: Points<'image'>): string {
  const lines: string[] = [];
  for (let i = 0; i < points.length; i += 2) {
    lines.push(`${rounded(points[i] + 0.5)} ${rounded(points[i + 1] + 0.5)}`);
  }
  return `version: 1\nn_points: ${lines.length}\n{\n${lines.join('\n')}\n}\n`;
}

/**
 * `anna.pts` is the first face of `anna.jpg`, `anna_1.pts`, `anna_2.pts`, … the others, without the names that belong to
 * another picture.
 */
function* writePts(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const stems = new Set(pictures.map((picture) => stemOf(pathOf(picture)).toLowerCase()));
  for (const picture of pictures) {
    const stem = stemOf(pathOf(picture));
    let number = 0;
    for (const [i, { points }] of picture.faces.entries()) {
      let name = stem;
      while (i > 0 && stems.has(name.toLowerCase())) name = `${stem}_${++number}`;
      stems.add(name.toLowerCase());
      yield { name: `${name}.pts`, data: formatPts(points) };
    }
  }
}

export const pts: Format = {
  label: '.pts (300-W)',
  about:
    'One file per face beside its picture: points alone. What training, menpo and most programs for landmarks read.',
  extension: '.pts',
  write: writePts,
  read: (text, file) => [{ path: stemOf(file), faces: [{ points: parsePts(text, file) }] }],
};
