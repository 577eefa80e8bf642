/**
 * dlib's XML (image_dataset_metadata.cpp), which iBUG's large data set uses too: parts and boxes are whole pixels counted
 * from 0 at pixel centres, and dlib rejects fractions. So x and y are rounded; the exact coordinates, and whatever else dlib
 * has no attribute for, go into attributes of our own, which it ignores. A missing point has no part.
 */

import { boxOfPresent, isMissing } from '../../missing-points';
import { pairsOf, pathOf, rounded } from '../names';
import type { ExportFace, ExportFile, ExportPicture, Format } from '../types';
import { readDlib } from './read';

function* writeDlib(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const images = pictures.map((picture) => {
    const { width, height } = picture;
    return element('image', { file: pathOf(picture), width, height }, picture.faces.map(boxElement));
  });
  const data = `<?xml version="1.0" encoding="UTF-8"?>\n${element('dataset', {}, [element('images', {}, images)])}`;
  yield { name: 'landmarks-dlib.xml', data };
}

function boxElement(face: ExportFace): string {
  const { points, spread, score, model, scheme, corrected } = face;
  const box = boxOfPresent(points);
  const digits = String(points.length / 2 - 1).length;
  const parts = pairsOf(points, -0.5).map(([exactX, exactY], i) =>
    isMissing(points, i)
      ? ''
      : element('part', {
          name: String(i).padStart(digits, '0'),
          x: Math.round(points[2 * i] - 0.5),
          y: Math.round(points[2 * i + 1] - 0.5),
          'exact-x': exactX,
          'exact-y': exactY,
          ...(spread && { spread: rounded(spread[i]) }),
        }),
  );
  const attributes = {
    top: Math.floor(box.y),
    left: Math.floor(box.x),
    width: Math.ceil(box.x + box.width) - Math.floor(box.x),
    height: Math.ceil(box.y + box.height) - Math.floor(box.y),
    detection_score: rounded(score),
    model,
    scheme: scheme.id,
    corrected,
    points: points.length / 2,
  };
  return element('box', attributes, parts);
}

type Attributes = Readonly<Record<string, string | number | boolean>>;

function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return children.length > 0 ? `${start}>\n${children.join('')}</${name}>\n` : `${start}/>\n`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export const dlib: Format = {
  label: "dlib's XML",
  about: "One file for dlib's shape predictor and imglab; dlib itself reads whole pixels.",
  extension: '.xml',
  write: writeDlib,
  read: readDlib,
};
