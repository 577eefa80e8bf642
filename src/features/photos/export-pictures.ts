/** The pictures of the library as the export takes them. */

import type { ExportPicture } from '../../shared/formats';
import { movedPoints, shownFaces } from './corrections/faces';
import type { Photo, PhotoModel } from './types';

/** @param model whose faces are exported; null where none has processed any picture */
export function exportPictureOf(
  photo: Photo,
  model: PhotoModel | null,
  readFile: (photoId: string) => Promise<Blob>,
): ExportPicture {
  const { name, folder, width, height } = photo;
  const faces = model ? shownFaces(photo.results[model.id]) : [];
  return {
    name,
    folder,
    width,
    height,
    faces: faces.map((face) => ({
      points: face.points,
      spread: face.spread,
      ...(face.visible && { visible: face.visible }),
      score: face.score,
      model: model!.id,
      scheme: model!.scheme,
      corrected: movedPoints(face).length > 0,
    })),
    open: () => readFile(photo.id),
  };
}
