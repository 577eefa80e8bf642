/** Landmarks that were exported before, read back onto the pictures they belong to. */

import { boxOf } from '../engine/geometry';
import type { Face } from '../engine/types';
import type { Format, ImportedFace, ImportedPicture } from '../export/types';
import { fromNetwork } from './edit/faces';
import { pathOf } from './intake/files';
import type { IncomingFile } from './intake/types';
import type { Photo, PhotoFace, PhotoModel, PhotoResult } from './types';
import { picturesInWords } from './ui/photo-words';
import { counterpartOf } from './ui/viewer/compare';

/** Px: what a coordinate may lose on its way through a file. */
const roundTripPx = 0.001;

export interface ImportedResult {
  readonly photoId: string;
  readonly result: PhotoResult;
}

/** Pictures and models there are, and the model for faces that name none of those. */
export interface Known {
  readonly photos: readonly Photo[];
  readonly models: Readonly<Record<string, PhotoModel>>;
  readonly shown: string | null;
}

export interface Imported {
  /** One for each picture and model. */
  readonly results: readonly ImportedResult[];
  /** What was taken over, and what was not, in words that name the file. */
  readonly message: string;
}

/** @throws Error naming the file or the picture, when it cannot be read or speaks of points that no model here gives. */
export async function importLandmarks(incoming: IncomingFile, known: Known): Promise<Imported> {
  const path = pathOf(incoming);
  const { formats } = await import('../export');
  const imported = readPictures(await incoming.file.text(), path, Object.values(formats));
  const found = imported.map((picture) => ({ picture, photo: findPhoto(picture, known.photos) }));
  const results = found.flatMap(({ picture, photo }) => (photo ? resultsOf(picture, photo, known) : []));
  const missing = found.filter(({ photo }) => !photo).map(({ picture }) => picture.path);
  const taken = new Set(results.map(({ photoId }) => photoId)).size;
  const absent = missing.length ? ` Not here: ${missing.join(', ')}.` : '';
  return { results, message: `${path}: points of ${picturesInWords(taken)} taken over.${absent}` };
}

function readPictures(text: string, path: string, formats: readonly Format[]): ImportedPicture[] {
  const reasons: string[] = [];
  for (const { read, extension } of formats) {
    if (!read || !path.toLowerCase().endsWith(extension)) continue;
    try {
      const pictures = read(text, path);
      // One kind of table read as another has rows but no points.
      if (pictures.some(({ faces }) => faces.some(({ points }) => points.length > 0))) return pictures;
    } catch (thrown) {
      reasons.push((thrown as Error).message);
    }
  }
  throw new Error(
    `${path} holds no landmarks that Mien can read${reasons.length ? ` (${reasons[0]})` : ''}.`,
  );
}

/** The picture of that path; else the only one of that name, wherever it lies. Its size has to be the same. */
function findPhoto({ path, width, height }: ImportedPicture, photos: readonly Photo[]): Photo | undefined {
  const fits = photos.filter(
    (photo) => (width ?? photo.width) === photo.width && (height ?? photo.height) === photo.height,
  );
  const here = fits.find(({ folder, name }) => (folder ? `${folder}/${name}` : name) === path);
  const namesakes = fits.filter(({ name }) => name === path.split('/').at(-1));
  return here ?? (namesakes.length === 1 ? namesakes[0] : undefined);
}

function resultsOf({ faces, path }: ImportedPicture, photo: Photo, known: Known): ImportedResult[] {
  const byModel = new Map<string, ImportedFace[]>();
  for (const face of faces) {
    const model = modelFor(face, path, known);
    byModel.set(model, [...(byModel.get(model) ?? []), face]);
  }
  return Array.from(byModel, ([model, own]) => ({
    photoId: photo.id,
    result: {
      model,
      faces: fromNetwork(own.map(toFace)).map((face, i) =>
        own[i].corrected === false ? face : besideFound(face, photo.results[model]?.faces ?? []),
      ),
      corrected: own.some(({ corrected = true }) => corrected),
    },
  }));
}

/**
 * A corrected face with what the network found of the same face here, so that it can be put back, and the points that nobody
 * moved are known as such.
 */
function besideFound(face: PhotoFace, found: readonly PhotoFace[]): PhotoFace {
  const network = counterpartOf(face, found)?.network;
  if (!network) return face;
  const points = face.points.map((value, i) =>
    Math.abs(value - network.points[i]) <= roundTripPx ? network.points[i] : value,
  );
  return { ...face, points, network };
}

/** @throws when the points are of another scheme than any model's here. */
function modelFor({ model, points }: ImportedFace, path: string, { models, shown }: Known): string {
  const fits = (id: string | null | undefined): id is string =>
    models[id ?? '']?.scheme.pointCount === points.length / 2;
  if (fits(model)) return model;
  if (fits(shown)) return shown;
  throw new Error(`${path}: has a face of ${points.length / 2} points, which no model here has given.`);
}

function toFace({ points, spread, score = 1 }: ImportedFace, index: number): Face {
  return { points, spread: spread ?? null, score, box: boxOf(points), id: index + 1 };
}
