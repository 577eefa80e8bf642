/** Reads COCO keypoints, of whatever other annotations stand beside them. */

import * as v from 'valibot';
import { presentPoints } from '../../missing-points';
import { parse, parseJson } from '../schema';
import { formatSkipped } from '../skipped';
import type { ImportedFace, ImportedPicture } from '../types';
import { annotation, category, cocoFile, image, type Annotation, type Category } from './schema';

/** Visibility of a point that is labelled, but hidden. */
const HIDDEN = 1;

/** Points that nobody labelled (v = 0) are missing, whatever their coordinates. */
export function readCoco(
  content: string,
  file: string,
  onSkipped: (message: string) => void = () => {},
): ImportedPicture[] {
  const { images, categories, annotations } = parseJson(cocoFile, content, file);
  const skipped: string[] = [];
  const byId = new Map(categories.flatMap((one) => known(category, one)).map((one) => [one.id, one]));
  const pictures = images.flatMap((one) => {
    const [found] = known(image, one);
    if (!found) skipped.push('image without id and file name');
    return found ?? [];
  });
  const ids = new Set(pictures.map(({ id }) => id));
  const faces = new Map<number | string, ImportedFace[]>();
  for (const [i, record] of annotations.entries()) {
    const face = faceOf(record, byId, `${file}: annotations[${i}]`);
    if (typeof face === 'string') skipped.push(face);
    else if (!ids.has(record.image_id as string))
      skipped.push('annotation of an image that the file does not list');
    else append(faces, record.image_id as string, face);
  }
  if (skipped.length) onSkipped(`${file}: left out ${formatSkipped(skipped)}.`);
  return pictures.map(({ id, file_name: path, width, height }) => ({
    path,
    ...(width && { width }),
    ...(height && { height }),
    faces: faces.get(id) ?? [],
  }));
}

/** @returns why it is not read, where it is of another kind */
function faceOf(
  record: Readonly<Record<string, unknown>>,
  categories: ReadonlyMap<number | string, Category>,
  subject: string,
): ImportedFace | string {
  if (!Array.isArray(record.keypoints) || record.keypoints.length === 0)
    return 'annotation without keypoints';
  if (!v.is(annotation.entries.keypoints, record.keypoints))
    return 'annotation whose keypoints are not x, y, visibility each';
  const read = parse(annotation, record, subject);
  const face = toFace(read, categories.get(read.category_id ?? ''), subject);
  return presentPoints(face.points).length > 0 ? face : 'annotation without a labelled keypoint (v is 0)';
}

function toFace(read: Annotation, kind: Category | undefined, subject: string): ImportedFace {
  const { keypoints, spread, score, model, corrected } = read;
  const count = keypoints.length / 3;
  const points = Array.from({ length: count }, (_, i) => {
    const [x, y, visibility] = keypoints.slice(3 * i, 3 * i + 3);
    return visibility === 0 ? [NaN, NaN] : [x + 0.5, y + 0.5];
  });
  const visibility = Float32Array.from({ length: count }, (_, i) => keypoints[3 * i + 2]);
  if (spread && spread.length !== count)
    throw new Error(`${subject}.spread must have ${count} entries, it has ${spread.length}`);
  return {
    scheme: kind?.scheme ?? undefined,
    points: Float32Array.from(points.flat()),
    ...(kind?.keypoints?.length === count && { names: kind.keypoints }),
    ...(spread && { spread: Float32Array.from(spread, (px) => px ?? NaN) }),
    // Only a file that tells some apart tells anything.
    ...(visibility.includes(HIDDEN) && { visible: visibility.map((v) => (v === HIDDEN ? 0 : 1)) }),
    score: score ?? undefined,
    model: model ?? undefined,
    corrected: corrected ?? undefined,
  };
}

function known<S extends v.GenericSchema>(schema: S, record: unknown): v.InferOutput<S>[] {
  const result = v.safeParse(schema, record);
  return result.success ? [result.output] : [];
}

function append<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  map.set(key, [...(map.get(key) ?? []), item]);
}
