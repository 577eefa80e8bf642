/** Landmarks that were exported before, or come from another program, read onto the pictures they belong to. */

import { pathOf as pathOfPhoto } from '../../../shared/formats/names';
import { pathKey } from '../../../shared/formats/paths';
import { formatSkipped } from '../../../shared/formats/skipped';
import type { ImportedPicture } from '../../../shared/formats/types';
import { pathOf } from '../../../shared/imaging/file-listing';
import type { IncomingFile } from '../../../shared/imaging/types';
import { formatPictureCount } from '../labels';
import type { Photo } from '../types';
import { groupDoubts, type Doubt, type Doubtful } from './doubts';
import { resultsOf, type ImportedResult, type KnownModels } from './imported-results';
import { createLookup, isClaimSure, matchPath, type Match } from './match';
import { readLandmarks } from './read-landmarks';

/** Pictures and models there are, and the model for faces that name none of those. */
export interface Known extends KnownModels {
  readonly photos: readonly Photo[];
}

/** The results for a picture that a person named. */
export type ResultsOnDemand = (known: Known) => readonly ImportedResult[];

export interface Imported {
  /** One for each picture and model. */
  readonly results: readonly ImportedResult[];
  /** What was taken over, and what was not, in words that name the file. */
  readonly message: string;
  /** What else a person should know of it: faces that were left out, pictures taken by their name alone. */
  readonly notes: readonly string[];
  readonly doubts: readonly Doubt<ResultsOnDemand>[];
}

/** Names in a message before it says how many more there are. */
const MAX_NAMES = 5;

/** @throws Error naming the file or the picture, when it cannot be read or speaks of points that no model here gives. */
export async function importLandmarks(incoming: IncomingFile, known: Known): Promise<Imported> {
  const path = pathOf(incoming);
  const { pictures, skipped } = await readLandmarks(
    incoming,
    known.photos.map(({ name }) => name),
  );
  const { sure, doubtful, missing } = assign(pictures, known.photos);
  const strange: { path: string; kind: string }[] = [];
  const results = sure.flatMap(({ picture, photo }) =>
    resultsOf(picture, photo, known, (kind) => strange.push({ path: picture.path, kind })),
  );
  if (results.length === 0 && doubtful.length === 0 && strange.length)
    throw new Error(`${strange[0].path}: has a ${strange[0].kind}.`);
  const taken = new Set(results.map(({ photoId }) => photoId)).size;
  const absent = missing.length ? ` Not here: ${formatNames(missing)}.` : '';
  const lookup = createLookup(known.photos);
  const resized = missing.filter((one) =>
    lookup(one).some(({ name }) => pathKey(one).endsWith(pathKey(name))),
  );
  const byName = sure.filter(({ isByName }) => isByName);
  return {
    results,
    message: `${path}: points of ${formatPictureCount(taken)} taken over.${absent}`,
    notes: [
      ...skipped,
      ...(strange.length ? [`${path}: left out ${formatSkipped(strange.map(({ kind }) => kind))}.`] : []),
      ...(resized.length
        ? [`${path}: the picture of that name here has another size: ${formatNames(resized)}.`]
        : []),
      ...(byName.length
        ? [
            `${path}: known by name alone, in another folder: ` +
              `${formatNames(byName.map(({ picture, photo }) => `${picture.path} as ${pathOfPhoto(photo)}`))}.`,
          ]
        : []),
    ],
    doubts: groupDoubts(doubtful).map(({ text, choices }) => ({ text: `${path}: ${text}`, choices })),
  };
}

interface Assigned {
  readonly picture: ImportedPicture;
  readonly photo: Photo;
  readonly isByName: boolean;
}

/** Which photo each picture of the file is. */
function assign(pictures: readonly ImportedPicture[], photos: readonly Photo[]) {
  const lookup = createLookup(photos);
  const matches = pictures.map((picture) => ({ picture, match: findPhoto(picture, lookup(picture.path)) }));
  const claims = new Map<Photo, string[]>();
  for (const { picture, match } of matches)
    if (match.kind === 'sure')
      claims.set(match.picture, [...(claims.get(match.picture) ?? []), picture.path]);
  const sure: Assigned[] = [];
  const doubtful: Doubtful<Photo, ResultsOnDemand>[] = [];
  const missing: string[] = [];
  for (const { picture, match } of matches) {
    const { path, faces } = picture;
    const ask = (own: readonly Photo[], reason: 'several' | 'extension') => {
      const answer =
        ({ id }: Photo): ResultsOnDemand =>
        (known) => {
          const photo = known.photos.find((one) => one.id === id);
          return photo ? resultsOf(picture, photo, known) : [];
        };
      if (faces.length) doubtful.push({ path, reason, pictures: own, answer });
    };
    if (match.kind === 'none') missing.push(path);
    else if (match.kind === 'doubtful')
      ask(match.pictures, match.pictures.length > 1 ? 'several' : 'extension');
    else if (!isClaimSure(path, match.picture, claims.get(match.picture)!)) ask([match.picture], 'several');
    else sure.push({ picture, photo: match.picture, isByName: match.isByName });
  }
  return { sure: merged(sure), doubtful, missing };
}

/** A file may list one picture twice, such as once for each face. */
function merged(all: readonly Assigned[]): Assigned[] {
  const byPhoto = new Map<Photo, Assigned>();
  for (const one of all) {
    const before = byPhoto.get(one.photo);
    const faces = [...(before?.picture.faces ?? []), ...one.picture.faces];
    byPhoto.set(one.photo, { ...one, picture: { ...one.picture, faces } });
  }
  return [...byPhoto.values()];
}

/** By path and name among those photos that have its size. */
function findPhoto(
  { path, isStem = false, width, height }: ImportedPicture,
  photos: readonly Photo[],
): Match<Photo> {
  const fits = photos.filter(
    (photo) => (width ?? photo.width) === photo.width && (height ?? photo.height) === photo.height,
  );
  return matchPath(path, isStem, fits);
}

function formatNames(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
