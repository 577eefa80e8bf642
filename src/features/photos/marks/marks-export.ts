/** Marked pictures as files, and the way back from `marks.json`. */

import { namedApart, pairsOf, pathOf, rounded } from '../../../shared/formats/names';
import { MARKS_FILE, formatMarks, type Mark, type MarksFile } from '../../../shared/formats/marks';
import type { ExportFile, ExportPicture } from '../../../shared/formats/types';
import { isMissing } from '../../../shared/missing-points';
import type { Points } from '../../../engine/types';
import { addPoint, joinPoints, lineIndices, pairIndices, setPartner } from './scheme';
import { markedPoints } from './marks';
import type { MarkScheme, MarkedFace, Photo } from '../types';
import { hashOf, markedFaces } from './marked';
import { MY_FACE } from './lessons';

/** The pictures, upright, and beside them what is marked. @throws during iteration when a picture cannot be read */
export async function* marksFiles(
  photos: readonly Photo[],
  scheme: MarkScheme,
  readFile: (photoId: string) => Promise<Blob>,
): AsyncGenerator<ExportFile> {
  const { formats } = await import('../../../shared/formats');
  const pictures = namedApart(
    photos.map(({ id, name, folder, width, height }): ExportPicture => {
      return { name, folder, width, height, faces: [], open: () => readFile(id) };
    }),
  );
  const content = marksContent(photos, scheme, pictures.map(pathOf));
  yield { name: MARKS_FILE, data: formatMarks(content) };
  yield* formats.picture.write(pictures, {
    style: { overlay: 'points', numbers: false, spread: 'off' },
    upright: true,
  });
}

/** @param paths of the pictures, as they are saved */
export function marksContent(
  photos: readonly Photo[],
  scheme: MarkScheme,
  paths: readonly string[],
): Omit<MarksFile, 'format' | 'version'> {
  const { id, title, points } = scheme;
  return {
    schemes: {
      [id]: {
        title,
        points: points.map((point) => ({ ...point })),
        pairs: pairIndices(scheme).map(([one, other]) => [one, other]),
        lines: lineIndices(scheme).map(([one, other]) => [one, other]),
      },
    },
    pictures: photos.map((photo, i) => ({
      path: paths[i],
      width: photo.width,
      height: photo.height,
      marks: markedFaces(photo, scheme).map((face) => toMark(face, scheme)),
    })),
  };
}

function toMark(face: MarkedFace, scheme: MarkScheme): Mark {
  const { x, y, width, height } = face.box;
  return {
    scheme: scheme.id,
    box: { x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) },
    landmarks: face.landmarks && {
      model: face.landmarks.model,
      points: placesOf(face.landmarks.points),
    },
    points: placesOf(markedPoints(face, scheme)),
  };
}

const placesOf = (points: Points<'image'>): ([number, number] | null)[] =>
  pairsOf(points).map((pair, i) => (isMissing(points, i) ? null : pair));

/**
 * The id that a file's scheme has here: its own where that can stand in an address and in the id of a model, else one made of it,
 * the same each time.
 */
export function hereId(id: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,47}$/i.test(id) && id !== MY_FACE) return id;
  const plain = id.replace(/[^a-z0-9]+/gi, '-').replace(/^-+/, '');
  return `${plain.slice(0, 24) || 'points'}-${hashOf(id)}`;
}

/** The file's schemes as they are here then: points that are here already keep their names and order. */
export function schemesOf(
  { schemes }: MarksFile,
  here: Readonly<Record<string, MarkScheme>>,
  nowMs: number,
): MarkScheme[] {
  return Object.entries(schemes).map(([idInFile, { title, points, pairs, lines }], i) => {
    const id = hereId(idInFile);
    const known = Object.hasOwn(here, id) ? here[id] : undefined;
    const fresh = { id, title, points: [], removed: [], pairs: [], lines: [], addedMs: nowMs + i };
    const before: MarkScheme = known ?? fresh;
    const isHere = (point: string) => [...before.points, ...before.removed].some((one) => one.id === point);
    const whole = points
      .filter((point) => !isHere(point.id))
      .reduce((scheme, point) => addPoint(scheme, point.name, point.id), before);
    const idsOf = (all: readonly (readonly [number, number])[]) =>
      all.map(([one, other]): [string, string] => [points[one].id, points[other].id]);
    if (known) return whole;
    // A file of another program may have a line twice, or a point in two pairs.
    const paired = idsOf(pairs).reduce((scheme, [one, other]) => setPartner(scheme, one, other), whole);
    return idsOf(lines).reduce((scheme, [one, other]) => joinPoints(scheme, one, other), paired);
  });
}

/** What is marked on one picture, by the id of the scheme. */
export function marksOf(
  { marks }: MarksFile['pictures'][number],
  { schemes }: MarksFile,
): Readonly<Record<string, readonly MarkedFace[]>> {
  const byScheme = new Map<string, MarkedFace[]>();
  for (const { scheme, box, landmarks, points } of marks) {
    const faces = byScheme.get(hereId(scheme)) ?? [];
    byScheme.set(hereId(scheme), faces);
    const ids = schemes[scheme].points.map(({ id }) => id);
    faces.push({
      id: faces.length + 1,
      box,
      landmarks: landmarks && {
        model: landmarks.model,
        points: Float32Array.from(landmarks.points.flatMap((pair) => pair ?? [NaN, NaN])),
      },
      points: Object.fromEntries(points.flatMap((pair, i) => (pair ? [[ids[i], pair]] : []))),
    });
  }
  return Object.fromEntries(byScheme);
}
