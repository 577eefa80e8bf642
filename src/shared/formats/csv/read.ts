import * as v from 'valibot';
import { isMissing } from '../../missing-points';
import { parse } from '../schema';
import type { ImportedFace, ImportedPicture } from '../types';
import { readRows, type Row } from './rows';
import { faceColumns, placeColumns, pointColumns, type FaceCells } from './schema';

interface FaceRow extends Row {
  readonly face: FaceCells;
}

interface Place {
  /** NaN for a missing point, spread and all. */
  readonly x: number;
  readonly y: number;
  readonly spread: number | undefined;
}

const missing = /^(nan|na|n\/a|#n\/a|null|none|-)$/i;
const nowhere: Place = { x: NaN, y: NaN, spread: NaN };

export function readWide(text: string, file: string): ImportedPicture[] {
  const rows = readFaceRows(text, file);
  const countOf = (row: Row) => numbersOf(row).reduce((a, b) => Math.max(a, b), 0);
  // Empty cells at the end of a row are missing points where other faces of the same scheme have them.
  const counts = new Map<string, number>();
  for (const row of rows)
    counts.set(row.face.scheme, Math.max(counts.get(row.face.scheme) ?? 0, countOf(row)));
  return readPictures(rows, ([row, again]) => {
    if (again) throw new Error(`${again.subject}: the picture has face ${again.face.face} already`);
    return Array.from({ length: counts.get(row.face.scheme)! }, (_, i) => placeOf(row, String(i + 1)));
  });
}

export function readLong(text: string, file: string): ImportedPicture[] {
  const pictures = readPictures(readFaceRows(text, file), (rows) => {
    const places: Place[] = [];
    for (const row of rows) {
      const { point } = parseCells(pointColumns, row);
      if (places[point - 1]) throw new Error(`${row.subject}: the face has point ${point} already`);
      places[point - 1] = placeOf(row, '');
    }
    return Array.from(places, (place) => place ?? nowhere);
  });
  return pictures.map((picture) => ({
    ...picture,
    faces: picture.faces.map((face) => ({ ...face, mayEndEarly: true })),
  }));
}

/** Numbers of the points that a row of the wide table has. */
function numbersOf({ cells }: Row): number[] {
  return Object.keys(cells).flatMap((column) => {
    const number = /^x([1-9]\d{0,3})$/.exec(column)?.[1];
    return number ? [Number(number)] : [];
  });
}

/** @param number of the point, appended to the names of its columns; '' in the long table */
function placeOf(row: Row, number: string): Place {
  const [x, y, spread] = ['x', 'y', 'spread'].map((name) => {
    const cell: string | undefined = row.cells[name + number];
    return cell === undefined || missing.test(cell) ? undefined : cell;
  });
  if (x === undefined && y === undefined) return nowhere;
  const columnOf = (name: string) => row.columnOf(name + number);
  const subject = number === '' ? row.subject : `${row.subject}, point ${number}`;
  const cells = { ...(x && { x }), ...(y && { y }), ...(spread && { spread }) };
  const place = parseCells(placeColumns, { cells, subject, columnOf });
  return { spread: undefined, ...place };
}

function readFaceRows(text: string, file: string): FaceRow[] {
  const rows = readRows(text, file);
  // Where some are marked with an x, the others are left empty.
  const isMarked = rows.some(({ cells }) => /^x$/i.test(cells.corrected ?? ''));
  return rows.map((row) => {
    const cells = isMarked ? { corrected: 'no', ...row.cells } : row.cells;
    return { ...row, face: parseCells(faceColumns, { ...row, cells }) };
  });
}

/** @throws naming row and column */
function parseCells<S extends v.GenericSchema>(schema: S, { cells, subject, columnOf }: Row) {
  const result = v.safeParse(schema, cells, { abortEarly: true });
  if (result.success) return result.output;
  const column = String(result.issues[0].path?.[0].key);
  return parse(schema, cells, subject + columnOf(column));
}

/** Pictures and their faces in order of first appearance; a face without any point is none. */
function readPictures(rows: readonly FaceRow[], placesOf: (rows: FaceRow[]) => Place[]): ImportedPicture[] {
  return Array.from(
    groupBy(rows, ({ face }) => face.picture),
    ([path, own]) => ({
      path,
      width: own[0].face.width,
      height: own[0].face.height,
      faces: Array.from(groupBy(own, ({ face }) => face.face).values(), (faceRows) => {
        const { model, scheme, corrected, score } = faceRows[0].face;
        const places = placesOf(faceRows);
        return {
          ...{ model, scheme, corrected, score },
          points: Float32Array.from(places.flatMap(({ x, y }) => [x, y])),
          ...spreadOf(places, faceRows[0].subject),
        };
      }).filter(hasPoint),
    }),
  );
}

function hasPoint({ points }: ImportedFace): boolean {
  return points.some((_, i) => i % 2 === 0 && !isMissing(points, i / 2));
}

/** @throws when only some of the points that are there have a spread. */
function spreadOf(places: readonly Place[], subject: string): { spread?: Float32Array } {
  const without = places.findIndex(({ spread }) => spread === undefined);
  if (without < 0) return { spread: Float32Array.from(places, ({ spread }) => spread!) };
  if (places.every(({ x, spread }) => spread === undefined || Number.isNaN(x))) return {};
  throw new Error(`${subject}: point ${without + 1} has no spread, though others of the face have one`);
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
