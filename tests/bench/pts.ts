/** 300-W annotations: a folder of pictures, each with a .pts file of the same name. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

export interface Sample {
  /** File name of the picture. */
  readonly name: string;
  readonly picture: string;
  /** x0, y0, x1, y1, …, image px, origin at the corner of the top-left pixel. */
  readonly points: Float64Array;
}

const pictureTypes = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);

/**
 * Points of a .pts file, with or without its header. The file counts pixel centres from 1, so x − 0.5 is ours.
 * @throws naming the file and the line, or the count when it is not the one announced or wanted.
 */
export function parsePts(text: string, file: string, pointCount: number): Float64Array {
  const lines = text.split(/\r?\n/);
  const numbers: number[] = [];
  let announced: number | null = null;
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' || line === '{' || line === '}' || line.startsWith('version')) continue;
    if (line.startsWith('n_points')) {
      announced = Number(line.split(':')[1]);
      continue;
    }
    const pair = line.split(/\s+/).map(Number);
    if (pair.length !== 2 || !pair.every(Number.isFinite)) {
      throw new Error(`${file}:${index + 1}: wanted two numbers, found "${line}"`);
    }
    numbers.push(pair[0] - 0.5, pair[1] - 0.5);
  }
  const found = numbers.length / 2;
  if (announced !== null && announced !== found) {
    throw new Error(`${file}: announces ${announced} points, has ${found}`);
  }
  if (found !== pointCount) throw new Error(`${file}: has ${found} points, the model ${pointCount}`);
  return Float64Array.from(numbers);
}

/**
 * Every picture of a folder that has a .pts beside it, by name.
 * @throws naming the folder when it is missing or has none.
 */
export async function readFolder(folder: string, pointCount: number): Promise<Sample[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT'
        ? 'there is no such folder'
        : error.code === 'ENOTDIR'
          ? 'is a file'
          : error.message;
    throw new Error(`${folder}: ${why}`);
  });
  const annotated = new Set(
    files
      .filter((file) => extname(file).toLowerCase() === '.pts')
      .map((file) => basename(file, extname(file))),
  );
  const pictures = files
    .filter(
      (file) => pictureTypes.has(extname(file).toLowerCase()) && annotated.has(basename(file, extname(file))),
    )
    .sort();
  if (pictures.length === 0) throw new Error(`${folder}: no picture with a .pts file of the same name`);
  return Promise.all(
    pictures.map(async (name) => {
      const file = join(folder, basename(name, extname(name)) + '.pts');
      return {
        name,
        picture: join(folder, name),
        points: parsePts(await readFile(file, 'utf8'), file, pointCount),
      };
    }),
  );
}
