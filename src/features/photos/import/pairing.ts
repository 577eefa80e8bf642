/** Pairs files of points with the pictures they are named after, asking where that is not sure. */

import type { Points } from '../../../engine/types';
import { decodeText } from '../../../shared/formats/decode-text';
import { parseLjson } from '../../../shared/formats/ljson/read';
import { stemOf } from '../../../shared/formats/names';
import { parsePts } from '../../../shared/formats/pts';
import { refuseShares } from '../../../shared/formats/shares';
import { parseTem } from '../../../shared/formats/tem';
import { pathOf } from '../../../shared/imaging/file-listing';
import { PictureError } from '../../../shared/imaging/picture-error';
import type { IncomingFile } from '../../../shared/imaging/types';
import { groupDoubts, type Doubt, type Doubtful, type DoubtReason } from './doubts';
import { createLookup, isClaimSure, matchPath, type Match, type Named } from './match';

/** A picture that may have points, whether it comes or is here. */
export interface Candidate extends Named {
  readonly isHere: boolean;
  /** Whether it has points already, to which those of further faces belong. */
  readonly hasTruth: boolean;
}

export interface Pair<C extends Candidate> {
  readonly picture: C;
  readonly truth: readonly Points<'image'>[];
  /** Whether its file is numbered as that of a further face. */
  readonly isFurther: boolean;
}

export interface Pairing<C extends Candidate> {
  readonly pairs: readonly Pair<C>[];
  readonly doubts: readonly Doubt<Pair<C>>[];
  readonly problems: readonly PictureError[];
}

/** Far more than the points of a face take. */
const MAX_BYTES = 1024 ** 2;

/** @param files of points, `anna` before `anna_1` */
export async function pairPoints<C extends Candidate>(
  files: readonly IncomingFile[],
  candidates: readonly C[],
): Promise<Pairing<C>> {
  const pairs: Pair<C>[] = [];
  const doubtful: Doubtful<C, Pair<C>>[] = [];
  const problems: PictureError[] = [];
  for (const { file, path, owner } of ownersOf(files, candidates)) {
    if (!owner) {
      const message = `${path} has no picture beside it, and none of that name is here.`;
      problems.push(new PictureError('bad-points', path, message));
      continue;
    }
    const { pictures, reason, isFurther } = owner;
    try {
      const truth = await readPoints(file, path);
      if (reason === null) pairs.push({ picture: pictures[0], truth, isFurther });
      else doubtful.push({ path, pictures, reason, answer: (picture) => ({ picture, truth, isFurther }) });
    } catch (error) {
      problems.push(error as PictureError);
    }
  }
  return { pairs, doubts: groupDoubts(doubtful), problems };
}

/** The picture of each file; where several claim one as its first face, that is asked about. */
function ownersOf<C extends Candidate>(files: readonly IncomingFile[], candidates: readonly C[]) {
  const isHere = (candidate: C) => candidate.isHere;
  const lookups = [
    createLookup(candidates.filter((one) => !isHere(one))),
    createLookup(candidates.filter(isHere)),
  ];
  const find = (stem: string) => bestOf(lookups.map((lookup) => matchPath(stem, true, lookup(stem))));
  const claims = new Map<C, string[]>();
  const owners = files.map((incoming) => {
    const path = pathOf(incoming);
    const owner = ownerOf(path, find, (picture) => picture.hasTruth || claims.has(picture));
    if (owner?.reason === null && !owner.isFurther) {
      const [picture] = owner.pictures;
      claims.set(picture, [...(claims.get(picture) ?? []), stemOf(path)]);
    }
    return { file: incoming.file, path, owner };
  });
  return owners.map(({ owner, ...rest }) => {
    if (owner?.reason !== null || owner.isFurther) return { ...rest, owner };
    const [picture] = owner.pictures;
    const isSure = isClaimSure(stemOf(rest.path), picture, claims.get(picture)!);
    return { ...rest, owner: isSure ? owner : { ...owner, reason: 'several' as const } };
  });
}

interface Owner<C> {
  readonly pictures: readonly C[];
  /** Null where it is sure. */
  readonly reason: DoubtReason | null;
  readonly isFurther: boolean;
}

/**
 * `anna.pts` and `anna.jpg.pts` belong to `anna.jpg`, and so do `anna_1.pts`, `anna_2.pts`, … where there is no picture `anna_1`:
 * other faces of the same picture.
 */
function ownerOf<C extends Candidate>(
  path: string,
  find: (stem: string) => Match<C>,
  hasFirst: (picture: C) => boolean,
): Owner<C> | null {
  const stem = stemOf(path);
  const own = toOwner(find(stem));
  const base = stem.replace(/_\d+$/, '');
  if (own?.reason === null || base === stem) return own;
  const first = toOwner(find(base));
  if (first?.reason !== null) return own ?? first;
  const [picture] = first.pictures;
  return { pictures: [picture], reason: hasFirst(picture) ? null : 'number', isFurther: true };
}

function toOwner<C extends Candidate>(match: Match<C>): Owner<C> | null {
  if (match.kind === 'none') return null;
  if (match.kind === 'doubtful') return { pictures: match.pictures, reason: 'several', isFurther: false };
  return { pictures: [match.picture], reason: match.isByName ? 'folder' : null, isFurther: false };
}

/** @param matches among the pictures that come along, then among those that are here; a sure one goes first */
function bestOf<C extends Candidate>(matches: readonly Match<C>[]): Match<C> {
  const isSure = (match: Match<C>) => match.kind === 'sure' && !match.isByName;
  return matches.find(isSure) ?? matches.find(({ kind }) => kind !== 'none') ?? matches[0];
}

/** One entry per face. @throws PictureError naming the file and the line. */
async function readPoints(file: File, path: string): Promise<Points<'image'>[]> {
  if (file.size > MAX_BYTES)
    throw new PictureError('bad-points', path, `${path} is too large for a file of points.`);
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new PictureError('unreadable', path, `${path} could not be read from disk.`, { cause });
  }
  try {
    const text = decodeText(bytes);
    const faces = parsePoints(text, path);
    for (const points of faces) refuseShares(points, path);
    return faces;
  } catch (cause) {
    throw new PictureError('bad-points', path, (cause as Error).message, { cause });
  }
}

function parsePoints(text: string, path: string): Points<'image'>[] {
  if (/\.ljson$/i.test(path)) return parseLjson(text, path);
  return [/\.tem$/i.test(path) ? parseTem(text, path) : parsePts(text, path)];
}
