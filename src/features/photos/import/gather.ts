/** Sorts the files that came in: pictures, the points that belong to them, and what is neither. */

import type { Points } from '../../../engine/types';
import { stemOf } from '../../../shared/formats/names';
import { pathOf, type Listing } from '../../../shared/imaging/file-listing';
import type { IncomingFile } from '../../../shared/imaging/types';
import type { Photo } from '../types';
import { pairPoints, type Candidate } from './pairing';
import type { Gathered, TruthFor } from './types';

const points = /\.(pts|ljson|tem)$/i;
const landmarks = /\.(json|csv|tsv|xml|tps)$/i;

/** Whether the picture of a file of that name is told by the name alone. */
export function isPointFile(name: string): boolean {
  return points.test(name);
}

/** Whether a file of that name may hold points, or a table of them. */
export function mayHoldPoints(name: string): boolean {
  return points.test(name) || landmarks.test(name);
}

type Here = Pick<Photo, 'id' | 'folder' | 'name'> & Partial<Pick<Photo, 'truth'>>;

/**
 * Where a picture did not come along with its points, it may be here. What is neither points nor a table counts as a picture until
 * it is opened; what systems leave in folders (`.DS_Store`, `Thumbs.db`) is passed over.
 * @param here pictures taken in before.
 */
export async function gather({ files, problems }: Listing, here: readonly Here[]): Promise<Gathered> {
  const known = files.filter((file) => !isSystemPath(pathOf(file))).sort(byStem);
  const pointFiles = onePerFace(known.filter(({ file }) => points.test(file.name)));
  const landmarkFiles = known.filter(({ file }) => landmarks.test(file.name));
  const pictures = known.filter(({ file }) => !points.test(file.name) && !landmarks.test(file.name));
  const paired = await pairPoints(pointFiles, [...pictures.map(incoming), ...here.map(taken)]);
  const truths = new Map<unknown, Points<'image'>[]>();
  const isWhole = new Set<unknown>();
  for (const { picture, truth, isFurther } of paired.pairs) {
    truths.set(picture.owner, [...(truths.get(picture.owner) ?? []), ...truth]);
    if (!isFurther) isWhole.add(picture.owner);
  }
  const truthOf = (owner: unknown) => truths.get(owner) ?? [];
  return {
    pictures: pictures.map((picture) => ({ ...picture, truth: truthOf(picture) })),
    truths: here.flatMap((photo) => {
      const truth = truthOf(photo);
      return truth.length ? [{ photoId: photo.id, truth, isFurther: !isWhole.has(photo) }] : [];
    }),
    doubts: paired.doubts.map(({ text, choices }) => ({
      text,
      choices: choices.map(({ label, answers }) => ({
        label,
        answers: answers.map(({ picture, truth }): TruthFor => ({ ...picture.reference, truth })),
      })),
    })),
    landmarkFiles,
    problems: [...problems, ...paired.problems],
  };
}

/** An export may hold the same face as .pts, .ljson and .tem: the first of these is taken. */
function onePerFace(files: readonly IncomingFile[]): IncomingFile[] {
  const rankOf = (file: IncomingFile) => ['.pts', '.ljson', '.tem'].indexOf(extensionOf(file));
  const best = new Map<string, number>();
  for (const file of files) {
    const stem = stemOf(pathOf(file));
    best.set(stem, Math.min(best.get(stem) ?? Infinity, rankOf(file)));
  }
  return files.filter((file) => rankOf(file) === best.get(stemOf(pathOf(file))));
}

function extensionOf({ file }: IncomingFile): string {
  return file.name.slice(stemOf(file.name).length).toLowerCase();
}

interface Owner extends Candidate {
  readonly owner: unknown;
  readonly reference: Omit<TruthFor, 'truth'>;
}

function incoming(picture: IncomingFile): Owner {
  const { folder, file } = picture;
  const { name, size: bytes } = file;
  return { folder, name, isHere: false, hasTruth: false, owner: picture, reference: { folder, name, bytes } };
}

function taken(photo: Here): Owner {
  const { id: photoId, folder, name, truth = [] } = photo;
  return {
    folder,
    name,
    isHere: true,
    hasTruth: truth.length > 0,
    owner: photo,
    reference: { folder, name, photoId },
  };
}

/** What systems leave in folders and ZIPs. */
export function isSystemPath(path: string): boolean {
  return path
    .split('/')
    .some((part) => part.startsWith('.') || ['__MACOSX', 'Thumbs.db', 'desktop.ini'].includes(part));
}

const collator = new Intl.Collator('en', { numeric: true });

/** As people count: `face2` before `face10`, and `anna` before `anna_1`. */
function byStem(one: IncomingFile, other: IncomingFile): number {
  return collator.compare(stemOf(pathOf(one)), stemOf(pathOf(other)));
}
