/**
 * Tables (RFC 4180): wide has a row per face, long a row per point. Coordinates are px of the full-size picture from its
 * top-left corner, as in JSON; points and faces count from 1.
 */

import { pathOf, rounded } from './names';
import type { ExportFace, ExportFile, ExportPicture, Format, ImportedPicture } from './types';

type Cell = string | number | boolean;
type PointCells = readonly [x: number, y: number, spread: number];

const faceColumns = ['picture', 'width', 'height', 'face', 'model', 'scheme', 'corrected', 'score'];
const pointColumns = ['point', 'name', 'x', 'y', 'spread'];

function faceCells(picture: ExportPicture, face: ExportFace, index: number): Cell[] {
  const { model, scheme, corrected, score } = face;
  const { width, height } = picture;
  return [pathOf(picture), width, height, index + 1, model, scheme.id, corrected, rounded(score)];
}

function formatRow(cells: readonly Cell[]): string {
  const quoted = cells.map((cell) => {
    const text = String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${quoted.join(',')}\r\n`;
}

const noCells: readonly Cell[] = ['', '', ''];

/** `x1, y1, spread1, x2, …` up to the most points of any face. */
function* writeWide(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const counts = pictures.flatMap(({ faces }) => faces.map(({ spread }) => spread.length));
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const columns = Array.from({ length: most }, (_, i) => [`x${i + 1}`, `y${i + 1}`, `spread${i + 1}`]);
  const rows = pictures.flatMap((picture) =>
    picture.faces.map((face, index) => [
      ...faceCells(picture, face, index),
      ...columns.flatMap((_, i): readonly Cell[] => (i < face.spread.length ? pointCells(face, i) : noCells)),
    ]),
  );
  const data = [[...faceColumns, ...columns.flat()], ...rows].map(formatRow).join('');
  yield { name: 'landmarks-wide.csv', data };
}

function* writeLong(pictures: readonly ExportPicture[]): Generator<ExportFile> {
  const rows = pictures.flatMap((picture) =>
    picture.faces.flatMap((face, index) =>
      Array.from(face.spread, (_, i) => [
        ...faceCells(picture, face, index),
        i + 1,
        face.scheme.names[i],
        ...pointCells(face, i),
      ]),
    ),
  );
  const data = [[...faceColumns, ...pointColumns], ...rows].map(formatRow).join('');
  yield { name: 'landmarks-long.csv', data };
}

function pointCells({ points, spread }: ExportFace, i: number): PointCells {
  return [rounded(points[2 * i]), rounded(points[2 * i + 1]), rounded(spread[i])];
}

/** Rows of cells. @throws naming the file and the line of a stray quote. */
function parseRows(text: string, file: string): string[][] {
  const rows: string[][] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|\n|\r|$)/y;
  let row: string[] = [];
  do {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (!match) throw new Error(`${file}, line ${text.slice(0, at).split('\n').length}: a stray quote`);
    const [, raw, end] = match;
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  } while (row.length > 0 || cell.lastIndex < text.length);
  return rows;
}

/** A row by the names of its columns. */
interface Line {
  readonly text: (column: string) => string;
  readonly number: (column: string) => number;
  /** Whether the column is there and filled. */
  readonly has: (column: string) => boolean;
}

function parseLines(text: string, file: string): Line[] {
  const [columns, ...rows] = parseRows(text, file);
  const indices = new Map(columns.map((column, i) => [column, i]));
  return rows.map((row, index) => {
    const fail = (reason: string) => new Error(`${file}, row ${index + 2}: ${reason}`);
    if (row.length !== columns.length) throw fail(`has ${row.length} cells, the heading ${columns.length}`);
    const cellOf = (column: string) => row[indices.get(column) ?? -1] ?? '';
    const has = (column: string) => cellOf(column) !== '';
    const textOf = (column: string) => {
      if (!has(column)) throw fail(`has no ${column}`);
      return cellOf(column);
    };
    const number = (column: string) => {
      const value = Number(textOf(column));
      if (!Number.isFinite(value)) throw fail(`${column} must be a number, found "${textOf(column)}"`);
      return value;
    };
    return { text: textOf, number, has };
  });
}

function groupBy<Key>(lines: readonly Line[], keyOf: (line: Line) => Key): Map<Key, Line[]> {
  const groups = new Map<Key, Line[]>();
  for (const line of lines) {
    const group = groups.get(keyOf(line));
    if (group) group.push(line);
    else groups.set(keyOf(line), [line]);
  }
  return groups;
}

/** Pictures, and the faces of each, in the order in which they first come. */
function readPictures(lines: readonly Line[], cellsOf: (rows: Line[]) => PointCells[]): ImportedPicture[] {
  const pictures = groupBy(lines, (line) => line.text('picture'));
  return Array.from(pictures, ([path, rows]) => ({
    path,
    width: rows[0].number('width'),
    height: rows[0].number('height'),
    faces: Array.from(groupBy(rows, (row) => row.number('face')).values(), (face) => {
      const points = cellsOf(face);
      return {
        model: face[0].text('model'),
        scheme: face[0].text('scheme'),
        corrected: face[0].text('corrected') === 'true',
        score: face[0].number('score'),
        points: Float32Array.from(points.flatMap(([x, y]) => [x, y])),
        spread: Float32Array.from(points, ([, , spread]) => spread),
      };
    }),
  }));
}

function readWide(text: string, file: string): ImportedPicture[] {
  return readPictures(parseLines(text, file), ([row]) => {
    const points: PointCells[] = [];
    for (let i = 1; row.has(`x${i}`); i++)
      points.push([row.number(`x${i}`), row.number(`y${i}`), row.number(`spread${i}`)]);
    return points;
  });
}

function readLong(text: string, file: string): ImportedPicture[] {
  return readPictures(parseLines(text, file), (rows) =>
    rows.map((row) => [row.number('x'), row.number('y'), row.number('spread')] as const),
  );
}

export const csvWide: Format = {
  label: 'CSV, a row per face',
  about: 'One table with the points of a face side by side.',
  extension: '.csv',
  write: writeWide,
  read: readWide,
};

export const csvLong: Format = {
  label: 'CSV, a row per point',
  about: 'One table with a point in each row, as programs for statistics like it.',
  extension: '.csv',
  write: writeLong,
  read: readLong,
};
