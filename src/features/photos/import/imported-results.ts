/** What becomes of faces read from a file: results of a picture, each of the model whose points they are. Pure. */

import type { Face, Scheme } from '../../../engine/types';
import type { ImportedFace, ImportedPicture } from '../../../shared/formats/types';
import { boxOfPresent, hasMissing, isMissing } from '../../../shared/missing-points';
import { fromNetwork, shownFaces, type Faces } from '../corrections/faces';
import { counterpartOf } from '../metrics/compare';
import { isOutside } from './outside';
import type { Photo, PhotoFace, PhotoModel } from '../types';

/** Px: what a coordinate may lose on its way through a file. */
const roundTripPx = 0.001;

/** What becomes of the result of one picture and model. */
export interface ImportedResult {
  readonly photoId: string;
  readonly model: string;
  /** Missing where what was found here stays: a file tells it only for a model that has not processed the picture. */
  readonly found?: Faces;
  /** Null where nobody corrected anything. */
  readonly corrected: Faces | null;
}

/** Models there are, and the one for faces that name none of those. */
export interface KnownModels {
  readonly models: Readonly<Record<string, PhotoModel>>;
  readonly shown: string | null;
}

/** @param onSkipped hears of each face whose points no model here gives, or that is of another picture */
export function resultsOf(
  { faces, isFromBottom, width, height }: ImportedPicture,
  photo: Photo,
  known: KnownModels,
  onSkipped: (kind: string) => void = () => {},
): ImportedResult[] {
  const isSized = width !== undefined && height !== undefined;
  const byModel = new Map<string, ImportedFace[]>();
  for (const read of faces) {
    const face = completed(isFromBottom ? upsideDown(read, photo.height) : read, known);
    const model = modelFor(face, known);
    // A file that tells the picture's size is for this very one.
    if (!isSized && isOutside(face.points, photo)) onSkipped(outsideFace);
    else if (model === null) onSkipped(strangeFace(face));
    else byModel.set(model, [...(byModel.get(model) ?? []), face]);
  }
  return Array.from(byModel, ([model, all]) => {
    const { scheme } = known.models[model];
    const own = all.map((face) => ordered(face, scheme));
    const here = photo.results[model];
    const found = [...shownFaces(here), ...(here?.found ?? [])];
    const placed = fromNetwork(own.map(toFace)).map((face, i) =>
      own[i].corrected === false ? face : besideFound(face, found),
    );
    // No network leaves a point out: somebody did.
    const isCorrected = own.some(({ corrected = true, points }) => corrected || hasMissing(points));
    if (!isCorrected && !here?.found) return { photoId: photo.id, model, found: placed, corrected: null };
    // A file of another program does not say who placed the points.
    const isSaid = own.some(({ corrected }) => corrected);
    const isAsFound = !isSaid && areAlike(placed, here?.found ?? []);
    return { photoId: photo.id, model, corrected: isAsFound ? null : placed };
  });
}

/** With the points after its last as missing, where the file may leave them out and names a model here and its scheme. */
function completed(face: ImportedFace, { models }: KnownModels): ImportedFace {
  const scheme = models[face.model ?? '']?.scheme;
  const count = face.points.length / 2;
  if (!face.mayEndEarly || !scheme || scheme.id !== face.scheme || count >= scheme.pointCount) return face;
  const more = (values: Float32Array, length: number) =>
    Float32Array.from({ length }, (_, i) => values[i] ?? NaN);
  return {
    ...face,
    points: more(face.points, 2 * scheme.pointCount),
    ...(face.spread && { spread: more(face.spread, scheme.pointCount) }),
  };
}

const outsideFace =
  'face that lies wholly outside of the picture, as points do that were marked on a copy of another size';

/** Why no model takes it. */
function strangeFace({ points, isOrderedByName }: ImportedFace): string {
  if (isOrderedByName) return 'face whose parts have names that no model here knows';
  return `face of ${points.length / 2} points, which no model here has given`;
}

/** Null when the points are of another scheme than any model's here. */
function modelFor(face: ImportedFace, { models, shown }: KnownModels): string | null {
  const fits = (id: string | null | undefined): id is string => {
    const scheme = models[id ?? '']?.scheme;
    if (scheme?.pointCount !== face.points.length / 2) return false;
    return !face.isOrderedByName || namesIn(scheme, face) !== null;
  };
  if (fits(face.model)) return face.model;
  return fits(shown) ? shown : null;
}

/** For each point of the scheme its index in the face, by name; null where the names are others. */
function namesIn(scheme: Scheme, { names }: ImportedFace): number[] | null {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim();
  const own = names?.map(plain) ?? [];
  const order = scheme.names.map((name) => own.indexOf(plain(name)));
  return new Set(order).size === own.length && !order.includes(-1) ? order : null;
}

/** The face with its points in the order of the scheme, where the file names them as the scheme does. */
function ordered(face: ImportedFace, scheme: Scheme): ImportedFace {
  const order = namesIn(scheme, face);
  if (!order) return face;
  const points = Float32Array.from(order.flatMap((i) => [face.points[2 * i], face.points[2 * i + 1]]));
  const { spread, visible } = face;
  return {
    ...face,
    points,
    ...(spread && { spread: Float32Array.from(order, (i) => spread[i]) }),
    ...(visible && { visible: Float32Array.from(order, (i) => visible[i]) }),
  };
}

/** Of a file whose y counts from the bottom of the picture. */
function upsideDown(face: ImportedFace, heightPx: number): ImportedFace {
  return { ...face, points: face.points.map((value, i) => (i % 2 === 1 ? heightPx - value : value)) };
}

function areAlike(some: Faces, others: Faces): boolean {
  return (
    some.length === others.length && some.every((face, i) => arePointsAlike(face.points, others[i].points))
  );
}

function arePointsAlike(some: Float32Array, others: Float32Array): boolean {
  return some.length === others.length && some.every((value, i) => isAlike(value, others[i]));
}

/** Two missing coordinates are alike. */
function isAlike(one: number, other: number): boolean {
  return Object.is(one, other) || Math.abs(one - other) <= roundTripPx;
}

/**
 * A corrected face with what the network found of the same face here, so that it can be reset, and the points that nobody
 * moved are known as such. A missing point stays missing.
 */
function besideFound(face: PhotoFace, found: readonly PhotoFace[]): PhotoFace {
  const network = counterpartOf(face, found)?.network;
  if (!network) return face;
  const points = face.points.map((value, i) =>
    !isMissing(face.points, i >> 1) && isAlike(value, network.points[i]) ? network.points[i] : value,
  );
  return { ...face, points, network };
}

function toFace({ points, spread, visible, score = 1 }: ImportedFace, index: number): Face {
  return {
    points,
    spread: spread ?? null,
    ...(visible && { visible }),
    score,
    box: boxOfPresent(points),
    id: index + 1,
  };
}
