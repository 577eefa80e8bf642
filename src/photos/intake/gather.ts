/** Sorts the files that came in: pictures, the points that belong to them, and what is neither. */

import type { Points } from '../../engine/types';
import { stemOf } from '../../export/names';
import { parsePts } from '../../export/pts';
import { pathOf, type Listing } from './files';
import { PhotoError } from './photo-error';
import type { Gathered, IncomingFile } from './types';

const points = /\.pts$/i;
const landmarks = /\.(json|csv|xml)$/i;

/** Far more than the points of a face take. */
const mostPtsBytes = 1024 ** 2;

/**
 * `anna.pts` belongs to `anna.jpg` (or .png, …) of the same folder, and so do `anna_1.pts`, `anna_2.pts`, … where there is no
 * picture `anna_1`: other faces of the same picture. What is neither points nor a table counts as a picture until it is
 * opened; what systems leave in folders (`.DS_Store`, `Thumbs.db`) is passed over.
 */
export async function gather({ files, problems }: Listing): Promise<Gathered> {
  const known = files.filter((file) => !isSystemFile(file)).sort(byStem);
  const pointFiles = known.filter(({ file }) => points.test(file.name));
  const landmarkFiles = known.filter(({ file }) => landmarks.test(file.name));
  const pictures = known.filter(({ file }) => !points.test(file.name) && !landmarks.test(file.name));
  const truth = await readTruth(pointFiles, pictures);
  return {
    pictures: pictures.map((picture) => ({ ...picture, truth: truth.of.get(picture) ?? [] })),
    landmarkFiles,
    problems: [...problems, ...truth.problems],
  };
}

async function readTruth(pointFiles: readonly IncomingFile[], pictures: readonly IncomingFile[]) {
  const pictureOf = new Map(pictures.map((picture) => [stemOf(pathOf(picture)), picture]));
  const of = new Map<IncomingFile, Points<'image'>[]>();
  const problems: PhotoError[] = [];
  for (const pointFile of pointFiles) {
    const path = pathOf(pointFile);
    const stem = stemOf(path);
    const picture = pictureOf.get(stem) ?? pictureOf.get(stem.replace(/_\d+$/, ''));
    if (!picture) {
      problems.push(new PhotoError('bad-points', path, `${path} has no picture beside it.`));
      continue;
    }
    try {
      of.set(picture, [...(of.get(picture) ?? []), await readPoints(pointFile.file, path)]);
    } catch (error) {
      problems.push(error as PhotoError);
    }
  }
  return { of, problems };
}

/** @throws PhotoError naming the file and the line. */
async function readPoints(file: File, path: string): Promise<Points<'image'>> {
  if (file.size > mostPtsBytes)
    throw new PhotoError('bad-points', path, `${path} is too large for a file of points.`);
  let text: string;
  try {
    text = await file.text();
  } catch (cause) {
    throw new PhotoError('unreadable', path, `${path} could not be read from disk.`, { cause });
  }
  try {
    return parsePts(text, path);
  } catch (cause) {
    throw new PhotoError('bad-points', path, (cause as Error).message, { cause });
  }
}

function isSystemFile({ file, folder }: IncomingFile): boolean {
  const parts = [...folder.split('/'), file.name];
  return parts.some(
    (part) => part.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(part),
  );
}

const collator = new Intl.Collator('en', { numeric: true });

/** As people count: `face2` before `face10`, and `anna` before `anna_1`. */
function byStem(one: IncomingFile, other: IncomingFile): number {
  return collator.compare(stemOf(pathOf(one)), stemOf(pathOf(other)));
}
