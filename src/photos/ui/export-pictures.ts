/** The pictures of the library as the export takes them. */

import type { ExportPicture } from '../../export';
import { movedPoints } from '../edit/faces';
import type { Photo, PhotoModel } from '../types';

/** @param model whose faces are exported; null where none has looked at any picture */
export function exportPictureOf(
  photo: Photo,
  model: PhotoModel | null,
  readFile: (photoId: string) => Promise<Blob>,
): ExportPicture {
  const { name, folder, width, height } = photo;
  const faces = (model && photo.results[model.id]?.faces) ?? [];
  return {
    name,
    folder,
    width,
    height,
    faces: faces.map((face) => ({
      points: face.points,
      // Where a model does not tell it, no point claims to be unsure.
      spread: face.spread ?? new Float32Array(face.points.length / 2),
      score: face.score,
      model: model!.id,
      scheme: model!.scheme,
      corrected: movedPoints(face).length > 0,
    })),
    open: () => readFile(photo.id),
  };
}
