/** Which pictures are marked with a scheme, and what there is to learn from. Pure. */

import { hasMarks, markedCount, markedPoints } from './marks';
import type { MarkScheme, MarkedFace, Photo } from '../types';

/** The fewest pictures that a person is asked for. */
export const MIN_PICTURES = 5;

export function isMarkedWith(photo: Photo, scheme: MarkScheme): boolean {
  return markedFaces(photo, scheme).length > 0;
}

/** Those with at least one mark of a point that the scheme has. */
export function markedFaces(photo: Photo, scheme: MarkScheme): readonly MarkedFace[] {
  return (photo.marks[scheme.id] ?? []).filter((face) => hasMarks(face, scheme));
}

export interface MarkedSummary {
  /** Pictures with at least one mark. */
  readonly pictures: number;
  /** Faces and boxes with at least one mark. */
  readonly faces: number;
  /** Those of them that lie in a box drawn by hand. */
  readonly boxes: number;
  /** Those of them on which some point is left out. */
  readonly incomplete: number;
}

export function summaryOf(photos: readonly Photo[], scheme: MarkScheme): MarkedSummary {
  const perPhoto = photos.map((photo) => markedFaces(photo, scheme)).filter((faces) => faces.length > 0);
  const faces = perPhoto.flat();
  return {
    pictures: perPhoto.length,
    faces: faces.length,
    boxes: faces.filter(({ landmarks }) => !landmarks).length,
    incomplete: faces.filter((face) => markedCount(face, scheme) < scheme.points.length).length,
  };
}

/** Changes with every mark, and with the points themselves; the pictures are told by their ids. */
export function marksKey(photos: readonly Photo[], scheme: MarkScheme): string {
  const marked = photos.map((photo) => [photo.id, markedFaces(photo, scheme)]);
  return hashOf(JSON.stringify([scheme.points, scheme.pairs, marked]));
}

/** FNV-1a of 32 bits: tells changes apart, and nothing more is needed. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

/**
 * Where the points lie in their boxes on average, 0..1 over width and height; null where a point is marked nowhere.
 */
export function meanShape(
  photos: readonly Photo[],
  scheme: MarkScheme,
): readonly (readonly [number, number])[] | null {
  const faces = photos.flatMap((photo) => markedFaces(photo, scheme));
  const means = scheme.points.map((_, index): [number, number] => {
    const places = faces
      .map((face) => {
        const points = markedPoints(face, scheme);
        const { x, y, width, height } = face.box;
        return [(points[2 * index] - x) / width, (points[2 * index + 1] - y) / height];
      })
      .filter(([x]) => !Number.isNaN(x));
    const mean = (axis: 0 | 1) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
    return [mean(0), mean(1)];
  });
  return means.length && means.every(([x]) => Number.isFinite(x)) ? means : null;
}
