/** Reads COCO keypoints, of whatever other annotations stand beside them. */

import * as v from 'valibot';
import { presentPoints } from '../../missing-points';
import { parseJson } from '../schema';
import { formatSkipped } from '../skipped';
import type { ImportedFace, ImportedPicture } from '../types';
import {
  annotation,
  category,
  cocoFile,
  extras,
  image,
  type Annotation,
  type Category,
  type Image,
} from './schema';

/** Visibility of a point that is labelled, but hidden, and of one that is seen. */
const HIDDEN = 1;
const LABELLED = 2;

/** Points that nobody labelled (v = 0) are missing, whatever their coordinates. */
export function readCoco(
  content: string,
  file: string,
  onSkipped: (message: string) => void = () => {},
): ImportedPicture[] {
  const { images, categories, annotations } = parseJson(cocoFile, content, file);
  const skipped: string[] = [];
  const byId = new Map(categories.flatMap((one) => known(category, one)).map((one) => [String(one.id), one]));
  const listed = images.flatMap((one) => {
    const [found] = known(image, one);
    if (!found) skipped.push('image without id and file name');
    return found ?? [];
  });
  // Joined files may list a picture twice.
  const pictures = [...new Map(listed.map((one) => [JSON.stringify([one.id, one.file_name]), one])).values()];
  // 1 and "1" are one: programs that write the two lists do not agree.
  const ids = new Set(pictures.map(({ id }) => String(id)));
  const shared = sharedIds(pictures);
  const faces = new Map<string, ImportedFace[]>();
  for (const record of annotations) {
    const read = annotationOf(record, skipped);
    const face = typeof read === 'string' ? read : toFace(read, byId.get(String(read.category_id)));
    if (typeof face === 'string') skipped.push(face);
    else if (!ids.has(String(record.image_id)))
      skipped.push('annotation of an image that the file does not list');
    else if (shared.has(String(record.image_id)))
      skipped.push('annotation whose image is not sure, since several have its id');
    else append(faces, String(record.image_id), face);
  }
  if (skipped.length) onSkipped(`${file}: left out ${formatSkipped(skipped)}.`);
  return pictures.map(({ id, file_name: path, width, height }) => ({
    path,
    ...(width && { width }),
    ...(height && { height }),
    faces: faces.get(String(id)) ?? [],
  }));
}

/**
 * Ids of more than one picture, as where files were joined without counting anew; those beyond 2⁵³ become alike where they are
 * written as numbers.
 */
function sharedIds(pictures: readonly Image[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const id of pictures.map((picture) => String(picture.id))) (seen.has(id) ? shared : seen).add(id);
  return shared;
}

/**
 * What is said beside the points, and cannot be read, is left out alone.
 * @returns why it is not read at all, where that is so
 */
function annotationOf(record: Readonly<Record<string, unknown>>, skipped: string[]): Annotation | string {
  const { keypoints } = record;
  if (!Array.isArray(keypoints) || keypoints.length === 0) return 'annotation without keypoints';
  if (!v.is(annotation.entries.keypoints, keypoints))
    return 'annotation whose keypoints are not x, y, visibility each';
  const readable = Object.entries(record).filter(([name, value]) => {
    const isOdd =
      (isExtra(name) && !v.is(extras[name], value)) ||
      (name === 'spread' && Array.isArray(value) && value.length !== keypoints.length / 3);
    if (isOdd) skipped.push(`value for ${name} that cannot be read`);
    return !isOdd;
  });
  const [read] = known(annotation, Object.fromEntries(readable));
  return read ?? 'annotation whose ids are neither whole numbers nor texts';
}

const isExtra = (name: string): name is keyof typeof extras => Object.hasOwn(extras, name);

/** @returns why it is not read, where nothing in it is labelled */
function toFace(read: Annotation, kind: Category | undefined): ImportedFace | string {
  const { keypoints, spread, score, model, corrected } = read;
  const count = keypoints.length / 3;
  const points = Float32Array.from(
    Array.from({ length: count }, (_, i) => {
      const [x, y, visibility] = keypoints.slice(3 * i, 3 * i + 3);
      return visibility === 0 || x === null || y === null ? [NaN, NaN] : [x + 0.5, y + 0.5];
    }).flat(),
  );
  if (presentPoints(points).length === 0) return 'annotation without a labelled keypoint (v is 0)';
  const visibility = Float32Array.from({ length: count }, (_, i) => keypoints[3 * i + 2] ?? NaN);
  // Some programs write a confidence instead, of which 1 is the highest.
  const areConfidences = visibility.some((v) => v > 0 && v < LABELLED && v !== HIDDEN);
  return {
    scheme: kind?.scheme ?? undefined,
    points,
    ...(kind?.keypoints?.length === count && { names: kind.keypoints }),
    ...(spread && { spread: Float32Array.from(spread, (px) => px ?? NaN) }),
    // Only a file that tells some apart tells anything.
    ...(!areConfidences &&
      visibility.includes(HIDDEN) && { visible: visibility.map((v) => (v === HIDDEN ? 0 : 1)) }),
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
