/**
 * dlib's XML (image_dataset_metadata.cpp), also that of iBUG's large set: parts and boxes are whole pixels counted from 0 at
 * pixel centres, and dlib refuses fractions. So x and y are rounded for it; the exact places, and what else it has no
 * attribute for, stand in attributes of our own, which it passes over.
 */

import { boxOf } from '../engine/geometry';
import { pathOf, rounded } from './names';
import type { ExportFace, ExportFile, ExportPicture, Format, ImportedFace, ImportedPicture } from './types';

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
  const box = boxOf(points);
  const digits = String(spread.length - 1).length;
  const parts = Array.from(spread, (_, i) => {
    const [x, y] = [points[2 * i] - 0.5, points[2 * i + 1] - 0.5];
    return element('part', {
      name: String(i).padStart(digits, '0'),
      x: Math.round(x),
      y: Math.round(y),
      'exact-x': rounded(x),
      'exact-y': rounded(y),
      spread: rounded(spread[i]),
    });
  });
  const attributes = {
    top: Math.floor(box.y),
    left: Math.floor(box.x),
    width: Math.ceil(box.x + box.width) - Math.floor(box.x),
    height: Math.ceil(box.y + box.height) - Math.floor(box.y),
    detection_score: rounded(score),
    model,
    scheme: scheme.id,
    corrected,
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

/** Reads dlib's own files too; in a browser only, whose XML reader it uses. */
function readDlib(text: string, file: string): ImportedPicture[] {
  const root = new DOMParser().parseFromString(text, 'application/xml');
  const error = root.querySelector('parsererror');
  if (error) throw new Error(`${file}: is no well-formed XML (${error.textContent.trim().slice(0, 120)})`);
  return [...root.querySelectorAll('images > image')].map((image) => {
    const path = attribute(image, 'file', file);
    const subject = `${file}, ${path}`;
    const size = (name: string) => (image.hasAttribute(name) ? number(image, name, subject) : undefined);
    const faces = [...image.querySelectorAll('box')].map((box) => readBox(box, subject));
    return { path, width: size('width'), height: size('height'), faces };
  });
}

function readBox(box: Element, subject: string): ImportedFace {
  const parts = [...box.querySelectorAll('part')].sort(
    (a, b) => number(a, 'name', subject) - number(b, 'name', subject),
  );
  if (parts.length === 0) throw new Error(`${subject}: a box without parts`);
  const points = parts.flatMap((part) =>
    ['x', 'y'].map((axis) => {
      const exact = `exact-${axis}`;
      return 0.5 + number(part, part.hasAttribute(exact) ? exact : axis, subject);
    }),
  );
  const own = box.hasAttribute('model') && {
    spread: Float32Array.from(parts, (part) => number(part, 'spread', subject)),
    score: number(box, 'detection_score', subject),
    model: attribute(box, 'model', subject),
    scheme: attribute(box, 'scheme', subject),
    corrected: attribute(box, 'corrected', subject) === 'true',
  };
  return { points: Float32Array.from(points), ...own };
}

function attribute(element: Element, name: string, subject: string): string {
  const value = element.getAttribute(name);
  if (value === null) throw new Error(`${subject}: a <${element.tagName}> has no ${name}`);
  return value;
}

function number(element: Element, name: string, subject: string): number {
  const text = attribute(element, name, subject);
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new Error(`${subject}: ${name} of a <${element.tagName}> must be a number, found "${text}"`);
  }
  return value;
}

export const dlib: Format = {
  label: "dlib's XML",
  about: "One file for dlib's shape predictor and imglab; dlib itself reads whole pixels.",
  extension: '.xml',
  write: writeDlib,
  read: readDlib,
};
