/** Annotations of the IMM face databases: AAM shape files, `NN_MM.asf`, NN the person. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sizeOfJpeg } from '../../src/shared/imaging/header-size';

export interface ImmSample {
  readonly picture: string;
  readonly person: string;
  /** x0, y0, …, image px. */
  readonly points: readonly number[];
}

/** Every picture of the folder. @throws naming the file that cannot be read. */
export async function readImm(folder: string): Promise<ImmSample[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.asf')).sort();
  return Promise.all(
    files.map(async (name) => {
      const picture = join(folder, name.replace(/\.asf$/, '.jpg'));
      const size = sizeOfJpeg(viewOf(await readFile(picture)));
      if (!size) throw new Error(`${picture}: not a JPEG`);
      const rows = (await readFile(join(folder, name), 'utf8'))
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter((row) => row.length === 10);
      if (rows.length === 0) throw new Error(`${name}: holds no points`);
      return {
        picture,
        person: name.slice(0, 2),
        points: rows.flatMap((row) => [row[2] * size.width, row[3] * size.height]),
      };
    }),
  );
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer) => new DataView(buffer, byteOffset, byteLength);
