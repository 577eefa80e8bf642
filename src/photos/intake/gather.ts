/** Sorts the files that came in: pictures, the points that belong to them, and what is neither. */

import type { Points } from '../../engine/types';
import { pathOf as pathOfPhoto, stemOf } from '../../export/names';
import { parsePts } from '../../export/pts';
import type { Photo } from '../types';
import { pathOf, type Listing } from './files';
import { PhotoError } from './photo-error';
import type { Gathered, IncomingFile } from './types';

const points = /\.pts$/i;
const landmarks = /\.(json|csv|xml)$/i;

/** Far more than the points of a face take. */
const mostPtsBytes = 1024 ** 2;

/**
 * `anna.pts` belongs to `anna.jpg` (or .png, …) of the same folder, and so do `anna_1.pts`, `anna_2.pts`, … where there is no
 * picture `anna_1`: other faces of the same picture. Where the picture did not come along, it may be here. What is neither points nor a table counts as a picture until it is
 * opened; what systems leave in folders (`.DS_Store`, `Thumbs.db`) is passed over.
 * @param here pictures taken in before.
 */
export async function gather(
  { files, problems }: Listing,
  here: readonly Pick<Photo, 'id' | 'folder' | 'name'>[],
): Promise<Gathered> {
  const known = files.filter((file) => !isSystemFile(file)).sort(byStem);
  const pointFiles = known.filter(({ file }) => points.test(file.name));
  const landmarkFiles = known.filter(({ file }) => landmarks.test(file.name));
  const pictures = known.filter(({ file }) => !points.test(file.name) && !landmarks.test(file.name));
  const owners = new Map<string, Owner>([
    ...here.map((photo) => [stemOf(pathOfPhoto(photo)), photo] as const),
    ...pictures.map((picture) => [stemOf(pathOf(picture)), picture] as const),
  ]);
  const truth = await readTruth(pointFiles, owners);
  return {
    pictures: pictures.map((picture) => ({ ...picture, truth: truth.of.get(picture) ?? [] })),
    truths: here.flatMap((photo) => {
      const found = truth.of.get(photo);
      return found ? [{ photoId: photo.id, truth: found }] : [];
    }),
    landmarkFiles,
    problems: [...problems, ...truth.problems],
  };
}

/** A picture that may have points, whether it comes or is here. */
type Owner = object;

/** @param owners by their paths without the extension */
async function readTruth(pointFiles: readonly IncomingFile[], owners: ReadonlyMap<string, Owner>) {
  const of = new Map<Owner, Points<'image'>[]>();
  const problems: PhotoError[] = [];
  for (const pointFile of pointFiles) {
    const path = pathOf(pointFile);
    const stem = stemOf(path);
    const owner = owners.get(stem) ?? owners.get(stem.replace(/_\d+$/, ''));
    if (!owner) {
      problems.push(
        new PhotoError(
          'bad-points',
          path,
          `${path} has no picture beside it, and none of that name is here.`,
        ),
      );
      continue;
    }
    try {
      of.set(owner, [...(of.get(owner) ?? []), await readPoints(pointFile.file, path)]);
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
