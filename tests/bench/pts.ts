/** 300-W annotations: a folder of pictures, each with a .pts file of the same name. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { parsePts } from '../../src/shared/formats/pts';

export interface Sample {
  /** File name of the picture. */
  readonly name: string;
  readonly picture: string;
  /** x0, y0, x1, y1, …, image px, origin at the corner of the top-left pixel; NaN where nobody placed the point. */
  readonly points: Float32Array;
}

const pictureTypes = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);

/** No point lies there. */
const NOWHERE = -(2 ** 30);

/** As `parsePts`; rows of `nan nan` become NaN. @throws as `parsePts`. */
export function parsePartialPts(text: string, file: string): Float32Array {
  const points = parsePts(text.replace(/^[ \t]*nan[ \t]+nan[ \t]*$/gim, `${NOWHERE} ${NOWHERE}`), file);
  return points.map((value) => (value <= NOWHERE / 2 ? NaN : value));
}

/** @throws naming the file when it cannot be read or its number of points differs from the model's. */
async function readPoints(file: string, pointCount: number, isPartial: boolean): Promise<Float32Array> {
  const parse = isPartial ? parsePartialPts : parsePts;
  const points = parse(await readFile(file, 'utf8'), file);
  const found = points.length / 2;
  if (found !== pointCount) throw new Error(`${file}: has ${found} points, the model ${pointCount}`);
  return points;
}

/**
 * Every picture of a folder that has a .pts beside it, by name.
 * @param isPartial whether points may be missing (`nan nan`).
 * @throws naming the folder when it is missing or has none.
 */
export async function readFolder(folder: string, pointCount: number, isPartial = false): Promise<Sample[]> {
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
        points: await readPoints(file, pointCount, isPartial),
      };
    }),
  );
}

/** At most `limit` of them, evenly over the whole list; all without a limit. */
export function spreadOver<T>(all: readonly T[], limit = Infinity): T[] {
  if (all.length <= limit) return [...all];
  return Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)]);
}
