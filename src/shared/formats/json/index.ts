/** Mien's own JSON, with everything known about a face: docs/landmarks-json.md. */

import type * as v from 'valibot';
import { isMissing } from '../../missing-points';
import { pairsOf, pathOf, rounded, roundedOrNull } from '../names';
import { mustBe, parseJson } from '../schema';
import { schemesOf } from '../schemes';
import type { ExportFace, ExportFile, ExportPicture, Format, ImportedFace, ImportedPicture } from '../types';
import { readableLandmarks, type face, type picture } from './schema';

type FaceRecord = v.InferOutput<typeof face>;
type PictureRecord = v.InferOutput<typeof picture>;

function* writeJson(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const content = {
    format: 'mien-landmarks',
    version: 1,
    schemes: Object.fromEntries(schemesOf(pictures).map(({ id, ...meaning }) => [id, meaning])),
    pictures: pictures.map(pictureRecord),
  };
  yield { name: 'landmarks.json', data: JSON.stringify(content) };
}

function pictureRecord(picture: ExportPicture): PictureRecord {
  const { width, height, faces } = picture;
  return { path: pathOf(picture), width, height, faces: faces.map(faceRecord) };
}

function faceRecord({ model, scheme, score, corrected, points, spread, visible }: ExportFace): FaceRecord {
  return {
    model,
    scheme: scheme.id,
    score: rounded(score),
    corrected,
    points: pairsOf(points).map((pair, i) => (isMissing(points, i) ? null : pair)),
    ...(spread && { spread: Array.from(spread, roundedOrNull) }),
    ...(visible && { visible: Array.from(visible, rounded) }),
  };
}

function readJson(content: string, file: string): ImportedPicture[] {
  const { schemes, pictures } = parseJson(readableLandmarks, content, file);
  return pictures.map(({ faces, ...picture }, i) => ({
    ...picture,
    faces: faces.map((face, j) => {
      const count = pointCountOf(schemes, face.scheme, file);
      requireCount(face.points, count, `${file}: pictures[${i}].faces[${j}].points`);
      for (const field of ['spread', 'visible'] as const) {
        const values = face[field];
        if (values) requireCount(values, count, `${file}: pictures[${i}].faces[${j}].${field}`);
      }
      return toFace(face);
    }),
  }));
}

function toFace({ points, spread, visible, ...face }: FaceRecord): ImportedFace {
  const pairs = points.map((pair) => pair ?? [NaN, NaN]);
  return {
    ...face,
    points: Float32Array.from(pairs.flat()),
    ...(spread && { spread: Float32Array.from(spread, (px) => px ?? NaN) }),
    ...(visible && { visible: Float32Array.from(visible) }),
  };
}

function pointCountOf(schemes: Record<string, { pointCount: number }>, id: string, file: string): number {
  if (Object.hasOwn(schemes, id)) return schemes[id].pointCount;
  throw new Error(`${file}: ${mustBe([{ key: 'schemes' }, { key: id }], 'an object', undefined)}`);
}

function requireCount({ length }: readonly unknown[], count: number, subject: string): void {
  if (length !== count) throw new Error(`${subject} must have ${count} entries, it has ${length}`);
}

export const json: Format = {
  label: 'JSON',
  about: 'One file with everything: points, spread, scores, models, corrections, and what the points mean.',
  extension: '.json',
  write: writeJson,
  isLike: (text) => /"mien-landmarks"/.test(text),
  read: readJson,
};
