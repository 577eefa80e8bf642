import { parse } from '../schema';
import { formatSkipped } from '../skipped';
import type { ImportedFace, ImportedPicture } from '../types';
import { parseXml } from './parse-xml';
import { orderOf, type PartOrder } from './part-names';
import { imageAttributes, ownBoxAttributes, partAttributes, type Part } from './schema';

interface OwnBox extends Pick<ImportedFace, 'model' | 'scheme' | 'corrected' | 'score'> {
  /** How many points the face has. */
  readonly points?: number;
}

type Attributes = Readonly<Record<string, string>>;

/** What is read of an `<image>`. */
export interface ImageElement {
  readonly attributes: Attributes;
  readonly boxes: readonly { readonly attributes: Attributes; readonly parts: readonly Attributes[] }[];
}

/** Reads files from dlib and from Mien. Needs the DOMParser of a browser. */
export function readDlib(
  content: string,
  file: string,
  onSkipped?: (message: string) => void,
): ImportedPicture[] {
  const root = parseXml(content, file);
  const images = [...root.querySelectorAll('images > image')].map((image) => ({
    attributes: attributesOf(image),
    boxes: [...image.querySelectorAll('box')].map((box) => ({
      attributes: attributesOf(box),
      parts: [...box.querySelectorAll('part')].map(attributesOf),
    })),
  }));
  return toPictures(images, file, onSkipped);
}

/** @throws naming the file, the picture and the element that cannot be read */
export function toPictures(
  images: readonly ImageElement[],
  file: string,
  onSkipped: (message: string) => void = () => {},
): ImportedPicture[] {
  const boxes = images.flatMap((image) => image.boxes);
  const stated = boxes.map(({ attributes }) => Number(attributes.points) || 0);
  const order = orderIn(boxes, Math.max(0, ...stated) || undefined, file);
  const empty = boxes.filter(({ parts }) => parts.length === 0).map(() => 'box without parts');
  if (empty.length) onSkipped(`${file}: left out ${formatSkipped(empty)}.`);
  return images.map(({ attributes, boxes: own }) => {
    const { file: path, width, height } = parse(imageAttributes, attributes, `${file}, <image>`);
    const subject = `${file}, ${path}`;
    const faces = own.filter(({ parts }) => parts.length > 0);
    return { path, width, height, faces: faces.map((box) => toFace(box, order, subject)) };
  });
}

function orderIn(boxes: ImageElement['boxes'], stated: number | undefined, file: string): PartOrder {
  const names = boxes.flatMap(({ parts }) => parts.map(({ name = '' }) => name));
  try {
    return orderOf(names, stated);
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

function toFace(
  { attributes, parts: all }: ImageElement['boxes'][number],
  { count, indexOf, names }: PartOrder,
  subject: string,
): ImportedFace {
  const parts = all.map((part) => parse(partAttributes, part, `${subject}, <part>`));
  const { points: stated, ...own } = ownOf(attributes, subject);
  const points = new Float32Array(2 * (stated ?? count)).fill(NaN);
  const seen = new Set<number>();
  for (const part of parts) {
    const index = indexOf(part.name);
    if (2 * index >= points.length) throw new Error(`${subject}: a box has no point ${part.name}`);
    if (seen.has(index)) throw new Error(`${subject}: a box has part ${part.name} twice`);
    seen.add(index);
    points.set([(part['exact-x'] ?? part.x) + 0.5, (part['exact-y'] ?? part.y) + 0.5], 2 * index);
  }
  const spread = spreadOf(parts, indexOf, points.length / 2, subject);
  return { ...own, points, ...(names && { names, isOrderedByName: true }), ...(spread && { spread }) };
}

/** Only files written by Mien have these. */
function ownOf(attributes: Attributes, subject: string): OwnBox {
  if (!('model' in attributes)) return {};
  const { detection_score: score, ...own } = parse(ownBoxAttributes, attributes, `${subject}, <box>`);
  return { ...own, score };
}

function spreadOf(
  parts: readonly Part[],
  indexOf: (name: string) => number,
  count: number,
  subject: string,
): Float32Array | null {
  const known = parts.filter(({ spread }) => spread !== undefined);
  if (known.length === 0) return null;
  if (known.length < parts.length)
    throw new Error(`${subject}: ${parts.length - known.length} parts of a box have no spread`);
  const spread = new Float32Array(count).fill(NaN);
  for (const part of known) spread[indexOf(part.name)] = part.spread!;
  return spread;
}

function attributesOf(element: Element): Attributes {
  return Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value]));
}
