/**
 * COCO keypoints (https://cocodataset.org/#format-data): keypoints are counted from 0 at pixel centres, so that x + 0.5 is
 * ours; boxes are measured from the corner of the picture, as ours are. What COCO has no field for stands in fields of our
 * own, which its readers pass over.
 */

import { boxOf } from '../engine/geometry';
import { parseJson, schemesOf } from './json';
import { pathOf, rounded } from './names';
import type { ExportFace, ExportFile, ExportPicture, Format, ImportedFace, ImportedPicture } from './types';
import type { Field } from '../engine/parse';

/** Labelled and visible. */
const visible = 2;

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

function annotationOf({ points, spread, score, model, corrected }: ExportFace) {
  const box = boxOf(points);
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(rounded);
  const keypoints = Array.from(spread, (_, i) => [
    rounded(points[2 * i] - 0.5),
    rounded(points[2 * i + 1] - 0.5),
    visible,
  ]);
  return {
    keypoints: keypoints.flat(),
    num_keypoints: keypoints.length,
    bbox: [x, y, width, height],
    area: rounded(width * height),
    iscrowd: 0,
    score: rounded(score),
    model,
    corrected,
    spread: Array.from(spread, rounded),
  };
}

/** Our own fields are read where they are there: a file of another program has none. */
function readCoco(text: string, file: string): ImportedPicture[] {
  const root = parseJson(text, file);
  const schemes = new Map(
    root
      .get('categories')
      .array()
      .map((category) => [category.get('id').integer(), category.get('scheme').optional((id) => id.text())]),
  );
  const faces = new Map<number, ImportedFace[]>();
  for (const annotation of root.get('annotations').array()) {
    const image = annotation.get('image_id').integer();
    const scheme = schemes.get(annotation.get('category_id').integer());
    faces.set(image, [...(faces.get(image) ?? []), { scheme, ...readAnnotation(annotation) }]);
  }
  return root
    .get('images')
    .array()
    .map((image) => ({
      path: image.get('file_name').text(),
      width: image.get('width').integer(1),
      height: image.get('height').integer(1),
      faces: faces.get(image.get('id').integer()) ?? [],
    }));
}

function readAnnotation(annotation: Field): ImportedFace {
  const field = annotation.get('keypoints');
  const keypoints = field.array().map((value) => value.number());
  if (keypoints.length === 0 || keypoints.length % 3 !== 0) throw field.fail('x, y, visibility per point');
  const points = keypoints.filter((_, i) => i % 3 < 2).map((value) => value + 0.5);
  const spread = annotation
    .get('spread')
    .optional((values) => values.array(points.length / 2).map((value) => value.number(0)));
  return {
    points: Float32Array.from(points),
    ...(spread && { spread: Float32Array.from(spread) }),
    score: annotation.get('score').optional((score) => score.number()),
    model: annotation.get('model').optional((model) => model.text()),
    corrected: annotation.get('corrected').optional((corrected) => corrected.value === true),
  };
}

export const coco: Format = {
  label: 'COCO keypoints',
  about: 'One JSON file as tools for training on keypoints read it.',
  extension: '.json',
  write: writeCoco,
  read: readCoco,
};
