/** Corrections of the faces of one result, each a pure function from the old faces to the new: what undo steps between. */

import type { Point } from '../../../engine/geometry';
import type { Face, Points } from '../../../engine/types';
import { boxOfPresent, isMissing } from '../../../shared/missing-points';
import type { PhotoFace, PhotoResult } from '../types';

export type Faces = readonly PhotoFace[];

const none: Faces = [];

/** The faces that count wherever faces are shown, exported or compared: as corrected, else as found. */
export function shownFaces(result: PhotoResult | undefined): Faces {
  return result?.corrected ?? result?.found ?? none;
}

/** The engine's faces as a result begins with them: numbered from 1, in their order. */
export function fromNetwork(faces: readonly Face[]): Faces {
  return faces.map((face, index) => toPhotoFace(face, index + 1));
}

/**
 * Moves some points of a face by `by`, px of the picture. Points may leave the picture: a face at its border does. A missing
 * point has no place to move from and stays missing.
 * @param indices of the points: one, a group of the scheme, or all.
 * @throws when there is no such face or point, or `by` is not finite.
 */
export function movePoints(faces: Faces, id: number, indices: readonly number[], by: Point): Faces {
  if (!Number.isFinite(by.x) || !Number.isFinite(by.y))
    throw new Error(`face ${id}: cannot be moved by (${by.x}, ${by.y}) px`);
  return changeFace(faces, id, (face) => {
    const points: Points<'image'> = face.points.slice();
    const spread = face.spread?.slice() ?? null;
    for (const index of checked(indices, face)) {
      if (isMissing(points, index)) continue;
      points[2 * index] += by.x;
      points[2 * index + 1] += by.y;
      if (spread) spread[index] = 0;
    }
    return withPoints(face, points, spread);
  });
}

/** Puts a point that is missing, or any other, at a place of the picture. @throws when there is no such face or point. */
export function placePoint(faces: Faces, id: number, index: number, { x, y }: Point): Faces {
  return changeFace(faces, id, (face) => {
    const points: Points<'image'> = face.points.slice();
    const spread = face.spread?.slice() ?? null;
    for (const own of checked([index], face)) {
      points.set([x, y], 2 * own);
      if (spread) spread[own] = 0;
    }
    return withPoints(face, points, spread);
  });
}

/**
 * Puts points back where the network had them.
 * @param indices of the points; all of the face when left out.
 * @throws when there is no such face or point.
 */
export function resetPoints(faces: Faces, id: number, indices?: readonly number[]): Faces {
  return changeFace(faces, id, (face) => {
    const { network } = face;
    if (!indices) return { ...face, ...network };
    const points: Points<'image'> = face.points.slice();
    const spread = face.spread?.slice() ?? null;
    for (const index of checked(indices, face)) {
      points.set(network.points.subarray(2 * index, 2 * index + 2), 2 * index);
      if (spread && network.spread) spread[index] = network.spread[index];
    }
    return withPoints(face, points, spread);
  });
}

/** Adds a face that the network found in a box drawn by hand; it comes last, with the first number that is free above. */
export function addFace(faces: Faces, face: Face): Faces {
  return [...faces, toPhotoFace(face, 1 + Math.max(0, ...faces.map(({ id }) => id)))];
}

/** Puts what the network found in another box in the place of a face, which keeps its number. @throws when there is no such face. */
export function replaceFace(faces: Faces, id: number, by: Face): Faces {
  return changeFace(faces, id, () => toPhotoFace(by, id));
}

/** @throws when there is no such face. */
export function deleteFace(faces: Faces, id: number): Faces {
  faceOf(faces, id);
  return faces.filter((face) => face.id !== id);
}

/** @throws when there is no such face. */
export function faceOf(faces: Faces, id: number): PhotoFace {
  const face = faces.find((one) => one.id === id);
  if (!face) throw new Error(`face ${id}: is not among the faces ${faces.map((one) => one.id).join(', ')}`);
  return face;
}

/** Indices of the points that a person moved. */
export function movedPoints({ points, network }: PhotoFace): number[] {
  // A point that is missing in both has not moved.
  const isMoved = (index: number) =>
    !Object.is(points[2 * index], network.points[2 * index]) ||
    !Object.is(points[2 * index + 1], network.points[2 * index + 1]);
  return Array.from({ length: points.length / 2 }, (_, index) => index).filter(isMoved);
}

function toPhotoFace({ points, spread, visible, box, score }: Face, id: number): PhotoFace {
  return { points, spread, ...(visible && { visible }), box, score, id, network: { points, spread, box } };
}

/** Where the network's box is not that of its points, it is the face as it was looked for, and stays. */
function withPoints(face: PhotoFace, points: Points<'image'>, spread: Float32Array | null): PhotoFace {
  const { network } = face;
  const outline = boxOfPresent(network.points);
  const isOutline = (['x', 'y', 'width', 'height'] as const).every(
    (side) => network.box[side] === outline[side],
  );
  return { ...face, points, spread, box: isOutline ? boxOfPresent(points) : network.box };
}

function changeFace(faces: Faces, id: number, change: (face: PhotoFace) => PhotoFace): Faces {
  const changed = change(faceOf(faces, id));
  return faces.map((face) => (face.id === id ? changed : face));
}

function checked(indices: readonly number[], { id, points }: PhotoFace): readonly number[] {
  const strange = indices.find(
    (index) => !(Number.isInteger(index) && index >= 0 && 2 * index < points.length),
  );
  if (strange !== undefined)
    throw new Error(`face ${id}: has no point ${strange}, only 0 to ${points.length / 2 - 1}`);
  return indices;
}
