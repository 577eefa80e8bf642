/** What the engine is asked to learn: marked pictures cut out and scaled, so that fifty of them fit in memory. Pure but for the cut. */

import { largerSide } from '../../../engine/geometry';
import type { MarkedPicture, TaughtScheme } from '../../../engine/teach-types';
import type { Box, Points } from '../../../engine/types';
import type { Size } from '../../../shared/imaging/types';
import { movedPoints, shownFaces } from '../corrections/faces';
import { markedPoints } from '../marks/marks';
import { lineIndices, pairIndices } from '../marks/scheme';
import type { MarkScheme, Photo } from '../types';
import { hashOf, markedFaces } from '../marks/marked';

/** One marked face of a picture, in px of the full-size picture. */
export interface Marked {
  readonly photoId: string;
  readonly box: Box<'image'>;
  /** What a model had found there; null in a box drawn by hand, or where marks are learned in boxes. */
  readonly landmarks: { readonly model: string; readonly points: Points<'image'> } | null;
  readonly points: Points<'image'>;
}

/** Faces that were found, or boxes: a model is learned from one kind. */
export type LearnFrom = 'faces' | 'boxes';

/** Of a lesson: changes with what it was learned from. @param marks `marksKey` of it */
export const lessonKey = (from: LearnFrom, base: string | null, marks: string) => `${from} ${base} ${marks}`;

export const isFromBoxes = ({ marksKey }: { readonly marksKey: string }) => marksKey.startsWith('boxes ');

/** Around the box, in its larger sides: crops reach beyond it, and are turned and shifted as pictures are varied. */
const AIR = 1;
/** Longer side of the cut, px: several times what any network reads. */
const MAX_CUT_PX = 768;

export function taughtScheme(scheme: MarkScheme): TaughtScheme {
  const { id, title, points } = scheme;
  return {
    id,
    title,
    points: points.map(({ name }) => name),
    pairs: pairIndices(scheme),
    lines: lineIndices(scheme),
  };
}

/** Those marked with the scheme; of faces only those that a model had found, of boxes all. */
export function markedWith(photos: readonly Photo[], scheme: MarkScheme, from: LearnFrom): Marked[] {
  return photos.flatMap((photo) =>
    markedFaces(photo, scheme)
      .filter(({ landmarks }) => from === 'boxes' || landmarks)
      .map((face) => ({
        photoId: photo.id,
        box: face.box,
        landmarks: from === 'boxes' ? null : face.landmarks,
        points: markedPoints(face, scheme),
      })),
  );
}

/** Faces whose points of that model a person corrected. */
export function correctedFaces(photos: readonly Photo[], model: string): Marked[] {
  return photos.flatMap(({ id, results }) =>
    shownFaces(results[model])
      .filter((face) => movedPoints(face).length > 0)
      .map(({ network, points }) => ({
        photoId: id,
        box: network.box,
        landmarks: { model, points: network.points },
        points,
      })),
  );
}

/** Changes with every correction of one of these. */
export function correctedKey(marked: readonly Marked[]): string {
  return hashOf(JSON.stringify(marked.map(({ photoId, points }) => [photoId, ...points])));
}

/** The part of a picture that is needed, and how much smaller it is made. */
export interface Cut extends Box<'image'> {
  readonly scale: number;
}

export function cutOf(box: Box<'image'>, { width, height }: Size): Cut {
  const side = largerSide(box);
  const [left, top] = [Math.max(0, box.x - AIR * side), Math.max(0, box.y - AIR * side)];
  const right = Math.min(width, box.x + box.width + AIR * side);
  const bottom = Math.min(height, box.y + box.height + AIR * side);
  // A box drawn outside of the picture still gives a picture.
  const [cutWidth, cutHeight] = [Math.max(1, right - left), Math.max(1, bottom - top)];
  const scale = Math.min(1, MAX_CUT_PX / Math.max(cutWidth, cutHeight));
  return { x: left, y: top, width: cutWidth, height: cutHeight, scale };
}

/** In px of the cut. */
export function inCut({ box, landmarks, points }: Marked, cut: Cut): Pick<MarkedPicture, 'at' | 'points'> {
  const move = (all: Points<'image'>) => all.map((value, i) => (value - (i % 2 ? cut.y : cut.x)) * cut.scale);
  const at = landmarks
    ? { landmarks: move(landmarks.points) }
    : {
        box: {
          x: (box.x - cut.x) * cut.scale,
          y: (box.y - cut.y) * cut.scale,
          width: box.width * cut.scale,
          height: box.height * cut.scale,
        },
      };
  return { at, points: move(points) };
}

/** @param bitmap of the whole picture, perhaps scaled down; the caller closes it */
export function cutOut(bitmap: ImageBitmap, { width }: Size, cut: Cut): Promise<ImageBitmap> {
  const own = bitmap.width / width;
  return createImageBitmap(
    bitmap,
    Math.round(cut.x * own),
    Math.round(cut.y * own),
    Math.max(1, Math.round(cut.width * own)),
    Math.max(1, Math.round(cut.height * own)),
    {
      resizeWidth: Math.max(1, Math.round(cut.width * cut.scale)),
      resizeHeight: Math.max(1, Math.round(cut.height * cut.scale)),
      resizeQuality: 'high',
    },
  );
}
