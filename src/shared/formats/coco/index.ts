/**
 * COCO keypoints (https://cocodataset.org/#format-data): keypoints count from 0 at pixel centres, so ours are x + 0.5;
 * boxes are measured from the corner of the picture, like ours. What COCO has no field for goes into fields of our own,
 * which other readers ignore.
 */

import { MIN_VISIBLE } from '../../../engine/geometry';
import { boxOfPresent, isMissing, presentPoints } from '../../missing-points';
import { schemesOf } from '../schemes';
import { pairsOf, pathOf, rounded, roundedOrNull } from '../names';
import type { ExportFace, ExportFile, ExportPicture, Format } from '../types';
import { readCoco } from './read';

/** Not labelled: missing. */
const unlabelled = 0;
/** Labelled, but hidden: by the head itself, or by something in the way. */
const labelledHidden = 1;
const labelledVisible = 2;

function* writeCoco(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const schemes = schemesOf(pictures);
  const categoryOf = new Map(schemes.map(({ id }, i) => [id, i + 1]));
  const faces = pictures.flatMap((picture, i) => picture.faces.map((face) => ({ face, image: i + 1 })));
  const content = {
    info: { description: 'Facial landmarks from Mien', version: '1' },
    images: pictures.map((picture, i) => ({
      id: i + 1,
      file_name: pathOf(picture),
      width: picture.width,
      height: picture.height,
    })),
    categories: schemes.map(({ id, names, edges }) => ({
      id: categoryOf.get(id),
      name: 'face',
      supercategory: 'person',
      scheme: id,
      keypoints: names,
      skeleton: edges.map(([from, to]) => [from + 1, to + 1]),
    })),
    annotations: faces.map(({ face, image }, i) => ({
      id: i + 1,
      image_id: image,
      category_id: categoryOf.get(face.scheme.id),
      ...annotationOf(face),
    })),
  };
  yield { name: 'landmarks-coco.json', data: JSON.stringify(content) };
}

function annotationOf({ points, spread, visible, score, model, corrected }: ExportFace) {
  const box = boxOfPresent(points);
  const [left, top, width, height] = [box.x, box.y, box.width, box.height].map(rounded);
  const keypoints = pairsOf(points, -0.5).map(([x, y], i) =>
    isMissing(points, i)
      ? [0, 0, unlabelled]
      : [x, y, visible && visible[i] < MIN_VISIBLE ? labelledHidden : labelledVisible],
  );
  return {
    keypoints: keypoints.flat(),
    num_keypoints: presentPoints(points).length,
    bbox: [left, top, width, height],
    area: rounded(width * height),
    iscrowd: 0,
    score: rounded(score),
    model,
    corrected,
    ...(spread && { spread: Array.from(spread, roundedOrNull) }),
  };
}

export const coco: Format = {
  label: 'COCO keypoints',
  about: 'One JSON file as tools for training on keypoints read it.',
  extension: '.json',
  write: writeCoco,
  isLike: (text) => /"annotations"\s*:/.test(text) && /"images"\s*:/.test(text),
  read: readCoco,
};
